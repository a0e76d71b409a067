package dev.weft.stream;

/** What happens in a generator that no weaver has seen. */
final class NotWoven {
  private NotWoven() {}

  static IllegalStateException refusal(String what) {
    String caller =
        StackWalker.getInstance()
            .walk(frames -> frames.skip(2).findFirst())
            .map(StackWalker.StackFrame::toStackTraceElement)
            .map(StackTraceElement::toString)
            .orElse("a native caller");
    return new IllegalStateException(
        what
            + " in a method that was not woven: "
            + caller
            + ". Weave the class at build time with async-weaver's Maven plugin (goal weave), or"
            + " run with -javaagent:async-weaver-agent.jar");
  }
}
