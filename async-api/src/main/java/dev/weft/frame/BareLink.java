package dev.weft.frame;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Links the calls by which a woven method awaits one of another class. Whether that has a bare
 * entry is seen when the call first runs, and not when it is woven: the other class may have been
 * compiled anew since, woven by itself, or not at all. Where there is none, the call is one of the
 * method itself, whose future is then awaited as ever. So it is in tests that may have replaced the
 * method by a mock, see {@link Mocking}.
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(Shop shop, Item item) {
 *   return shop.pay(await(shop.price(item))); // linked when it first runs, if Shop is a final class
 * }
 * }</pre>
 */
public final class BareLink {
  /** What {@link Modifier} calls something else of fields. */
  private static final int BRIDGE = 0x40;

  private static final MethodHandle RETURNED;

  static {
    try {
      RETURNED =
          MethodHandles.lookup()
              .findStatic(
                  Bare.class,
                  "returned",
                  MethodType.methodType(Object.class, CompletableFuture.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private BareLink() {}

  /**
   * Bootstrap method of such a call.
   *
   * @param caller the woven class
   * @param name of the method that is called
   * @param type the call's type, which begins with the receiver unless the method is static
   * @param owner the class that has the method
   * @param declared the method's type
   * @param isStatic 1 if it is static, else 0
   */
  public static CallSite call(
      Lookup caller,
      String name,
      MethodType type,
      Class<?> owner,
      MethodType declared,
      int isStatic) {
    MethodHandle method;
    try {
      method =
          isStatic == 1
              ? caller.findStatic(owner, name, declared)
              : caller.findVirtual(owner, name, declared);
    } catch (NoSuchMethodException e) {
      throw withCause(new NoSuchMethodError(e.getMessage()), e);
    } catch (IllegalAccessException e) {
      throw withCause(new IllegalAccessError(e.getMessage()), e);
    }
    MethodHandle entry =
        Mocking.isPossible(caller.lookupClass().getClassLoader())
            ? null
            : entry(caller, name, declared, owner, isStatic == 1, method);
    if (entry == null) {
      entry =
          MethodHandles.filterReturnValue(
              method.asType(method.type().changeReturnType(CompletableFuture.class)), RETURNED);
    }
    return new ConstantCallSite(entry.asType(type));
  }

  /**
   * The entry, which is private; null if there is none, or none that can be reached: it is in a
   * module that does not open its package to the caller's.
   *
   * <p>It has to be the class's own, as has the method. Where the class has none, the look-up goes
   * on to its superclasses, whose private methods can be reached within a nest: that would be the
   * entry of a method which this one hides. And where the method itself is inherited, an entry that
   * the class happens to have is of something else.
   */
  private static @Nullable MethodHandle entry(
      Lookup caller,
      String name,
      MethodType declared,
      Class<?> owner,
      boolean isStatic,
      MethodHandle method) {
    MethodType type = declared.changeReturnType(Object.class);
    try {
      Lookup inside = MethodHandles.privateLookupIn(owner, caller);
      MethodHandle found =
          isStatic
              ? inside.findStatic(owner, name, type)
              : inside.findSpecial(owner, name, type, owner);
      MethodHandleInfo entry = inside.revealDirect(found);
      int flags = Modifier.PRIVATE | BRIDGE; // a compiler's own bridge is not private
      return (entry.getModifiers() & flags) == flags
              && entry.getDeclaringClass() == owner
              && inside.revealDirect(method).getDeclaringClass() == owner
          ? found
          : null;
    } catch (NoSuchMethodException
        | IllegalAccessException
        | IllegalArgumentException // from revealDirect: inherited from where it cannot be reached
        | SecurityException none) {
      return null;
    }
  }

  private static <E extends Error> E withCause(E error, Throwable cause) {
    error.initCause(cause);
    return error;
  }
}
