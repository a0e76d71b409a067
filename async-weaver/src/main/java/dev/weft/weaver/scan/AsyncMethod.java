package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import java.util.List;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A method that awaits, and may.
 *
 * @param method its code, not to be changed
 * @param awaits its awaits in the order of its bytecode
 * @param convention how its failures look to its caller and to its awaits
 * @param result what has to become of the frame before the caller gets it
 * @param line the line on which it begins, or 0 if the class file does not tell
 * @param source the method that the source has: itself, or the generator whose body it is
 * @param compiled the descriptor that the source's method has in the class file, which is another
 *     one if it is a private method that returns a plain value there
 */
public record AsyncMethod(
    MethodNode method,
    List<MethodInsnNode> awaits,
    Convention convention,
    Result result,
    int line,
    MethodNode source,
    String compiled) {

  /** The rules of exceptions that a method follows. */
  public enum Convention {
    /** Awaits throw the original exception; what the body throws is always a failed future. */
    WEFT,
    /**
     * All awaits are {@code com.ea.async} ones: they throw CompletionException, and what the body
     * throws before it first suspends is thrown at the caller.
     */
    EA
  }

  /** What a caller gets. */
  public enum Result {
    /**
     * The frame itself: the declared type is one that a frame is an instance of. So it is of what
     * {@link #isBare} is true of.
     */
    FRAME,
    /** An instance of the declared subclass of CompletableFuture, completed by the frame. */
    ADAPTED,
    /** What a registered {@code FutureAdapter} makes, completed by the frame. */
    REGISTERED
  }

  /** True for the entry of an async method that returns values as they are, without a future. */
  public boolean isBare() {
    return returnType().getDescriptor().equals(Names.OBJECT_DESC);
  }

  /** The declared return type. */
  public Type returnType() {
    return Type.getReturnType(method.desc);
  }
}
