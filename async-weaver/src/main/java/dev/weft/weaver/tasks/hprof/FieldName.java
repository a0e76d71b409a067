package dev.weft.weaver.tasks.hprof;

import java.util.concurrent.atomic.AtomicInteger;

/** A field of objects, to be kept in a constant: classes remember where they have it. */
public final class FieldName {
  private static final AtomicInteger LAST = new AtomicInteger();

  final int number = LAST.getAndIncrement();
  final String type;
  final String name;

  /**
   * A field.
   *
   * @param type the binary name of the class that declares it
   */
  public FieldName(String type, String name) {
    this.type = type;
    this.name = name;
  }

  @Override
  public String toString() {
    return type + "." + name;
  }
}
