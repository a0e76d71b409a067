package dev.weft.weaver.lower;

import java.util.List;
import org.objectweb.asm.Type;

/**
 * The method that a frame resumes: all of the async method's code behind a dispatch on the state.
 *
 * @param owner internal name of its class
 * @param isInterface true if that is an interface
 * @param isStatic false if the first argument is the receiver
 * @param name its name
 * @param descriptor its descriptor
 * @param arguments what it is called with, the receiver included
 */
public record Continuation(
    String owner,
    boolean isInterface,
    boolean isStatic,
    String name,
    String descriptor,
    List<Argument> arguments) {

  /** Where the frame takes an argument from. */
  public enum Source {
    /** A field of the frame, which every suspension sets. */
    FIELD,
    /** Nothing is ever saved there: the type's default value. */
    NOTHING,
    /** The state. */
    STATE,
    /** The frame itself. */
    FRAME
  }

  /**
   * One argument.
   *
   * @param type its type
   * @param source where it comes from
   */
  public record Argument(Type type, Source source) {}

  /** The types of the frame's fields, in the order of the arguments. */
  public List<Type> fields() {
    return arguments.stream()
        .filter(argument -> argument.source() == Source.FIELD)
        .map(Argument::type)
        .toList();
  }
}
