package dev.weft.weaver.tasks.hprof;

import java.io.IOException;

/** Is shown what is in a heap dump, in the file's order. Overrides what it is interested in. */
interface HprofVisitor {
  /** A name: of a class, a field, a method, a file. */
  default void name(long id, long at, int bytes) throws IOException {}

  /** A class has a name. */
  default void loadedClass(int serial, long classId, long nameId) throws IOException {}

  /**
   * A line of a stack trace.
   *
   * @param at where its four ids and numbers begin: method, signature, file, class, line
   */
  default void stackFrame(long id, long at) throws IOException {}

  /**
   * A stack trace.
   *
   * @param at where the ids of its lines begin, the innermost first
   */
  default void stackTrace(int serial, long at, int frames) throws IOException {}

  /** A thread. */
  default void thread(long objectId, int threadSerial, int traceSerial) throws IOException {}

  /** An object that a method which runs has in a local variable. */
  default void local(long objectId, int threadSerial) throws IOException {}

  /**
   * A class.
   *
   * @param at where its constants begin, then its static fields and its fields
   */
  default void classDump(long id, long superId, long loaderId, long at) throws IOException {}

  /**
   * An object.
   *
   * @param at where its fields begin: those of its class, then those of its superclass, and so on
   */
  default void instance(long id, long classId, long at, long bytes) throws IOException {}

  /**
   * An array of numbers.
   *
   * @param type of its elements, see {@link HprofType}
   */
  default void primitiveArray(long id, int type, long at, int elements) throws IOException {}
}
