package dev.freshet.alarm;

import java.util.List;

/** Notices a kind of trouble. */
@FunctionalInterface
public interface AlarmSource {

  /**
   * What is wrong now; empty while all is well. It is asked often, and each status call waits for
   * it: it tells what is known, and asks nobody.
   */
  List<Alarm> alarms();
}
