package dev.weft.weaver.generated;

import java.util.List;

/**
 * An async method of a program.
 *
 * @param home where it is declared
 * @param isStatic whether it has no receiver
 * @param target what stands before its name in a call from anywhere, with its dot
 * @param returns the type constructor of what it returns
 * @param result what the future holds
 * @param isRecursive whether its first parameter, an int, bounds calls of itself
 */
record Method(
    String name,
    Home home,
    boolean isStatic,
    String target,
    Returned returns,
    JavaType result,
    List<Variable> parameters,
    boolean isRecursive) {

  enum Home {
    PROGRAM,
    INTERFACE,
    INNER,
    NESTED,
    RECORD,
    ENUM
  }

  /** What async methods may return, and how a program makes one of a value. */
  enum Returned {
    FUTURE("CompletableFuture", "of"),
    STAGE("CompletionStage", "stage"),
    TASK("Task", "task"),
    SUBCLASS("Promise", "promise");

    final String type;
    final String factory;

    Returned(String type, String factory) {
      this.type = type;
      this.factory = factory;
    }
  }
}
