"""Maps: functions that take and return Axes and draw what they are told."""
