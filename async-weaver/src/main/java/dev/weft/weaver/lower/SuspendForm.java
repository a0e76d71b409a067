package dev.weft.weaver.lower;

import dev.weft.weaver.Names;
import java.util.List;
import org.objectweb.asm.Type;

/**
 * What is on the operand stack when woven code calls a frame class's {@code suspend}: first what
 * was there below the awaited future anyway, then the future, the other fields' values in their
 * order, the state, and the frame or null.
 *
 * @param below what lies below the future, the lowest first
 */
public record SuspendForm(List<Below> below) {
  /** Nothing lies below the future. */
  public static final SuspendForm PLAIN = new SuspendForm(List.of());

  /**
   * A value below the future.
   *
   * @param type its type
   * @param field the index of the frame's field that it goes to, or -1 if it is dropped
   */
  public record Below(Type type, int field) {}

  /** True if a field gets its value from below the future. */
  public boolean takesFromBelow(int field) {
    return below.stream().anyMatch(value -> value.field() == field);
  }

  /** The descriptor of this form of {@code suspend}. */
  public String descriptor(List<Type> fields) {
    StringBuilder descriptor = new StringBuilder("(");
    below.forEach(value -> descriptor.append(value.type().getDescriptor()));
    descriptor.append(Names.FUTURE_DESC);
    for (int i = 0; i < fields.size(); i++) {
      if (!takesFromBelow(i)) {
        descriptor.append(fields.get(i).getDescriptor());
      }
    }
    return descriptor
        .append('I')
        .append(Names.FRAME_DESC)
        .append(')')
        .append(Names.TASK_DESC)
        .toString();
  }
}
