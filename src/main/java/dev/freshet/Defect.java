package dev.freshet;

/**
 * Tells a defect, which one message can show, from a virtual machine that is at its end. Whoever
 * catches everything asks here first.
 */
public final class Defect {

  /** Causes may form a circle. */
  private static final int DEEPEST = 16;

  private Defect() {}

  /**
   * Throws on what nobody can go on after: the virtual machine has no memory, or a fault of its
   * own, here or in a thread that worked for it. An overflow of the stack is over where it is
   * caught.
   */
  public static void requireSurvivable(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof VirtualMachineError end && !(cause instanceof StackOverflowError)) {
        throw end;
      }
      cause = cause.getCause();
    }
  }
}
