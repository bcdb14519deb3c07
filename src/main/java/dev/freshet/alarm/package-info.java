/**
 * What is wrong now, told in one way to people, programs and metrics. Whoever notices a kind of
 * trouble is an {@link dev.freshet.alarm.AlarmSource}; {@link dev.freshet.alarm.Alarms} collects
 * them.
 */
@NullMarked
package dev.freshet.alarm;

import org.jspecify.annotations.NullMarked;
