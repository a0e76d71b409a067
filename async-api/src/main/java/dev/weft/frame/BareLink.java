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
   * @param name that the method had when the class was woven
   * @param type the call's type, which begins with the receiver unless the method is static
   * @param method the method itself
   */
  public static CallSite call(Lookup caller, String name, MethodType type, MethodHandle method) {
    MethodHandle plain = method.asFixedArity();
    MethodHandle entry = entry(caller, name, plain);
    if (entry == null) {
      entry =
          MethodHandles.filterReturnValue(
              plain.asType(plain.type().changeReturnType(CompletableFuture.class)), RETURNED);
    }
    return new ConstantCallSite(entry.asType(type));
  }

  /**
   * The entry, which is private; null if there is none, or none that can be reached: it is in a
   * module that does not open its package to the caller's.
   *
   * <p>It has to be of the class that has the method. Where that has none, the look-up goes on to
   * its superclasses, whose private methods can be reached within a nest: that would be the entry
   * of a method which this one hides. And where the method is one of a superclass of the receiver's
   * type, it may be overridden in between.
   *
   * <p>And the method must have the name that it was woven with. Obfuscators rename it and its
   * entry each for itself, as they differ in their parameters; so the entry that has the method's
   * new name may be another one's.
   */
  private static @Nullable MethodHandle entry(Lookup caller, String name, MethodHandle method) {
    try {
      MethodHandleInfo known = caller.revealDirect(method);
      Class<?> owner = known.getDeclaringClass();
      boolean isStatic = Modifier.isStatic(known.getModifiers());
      if (Mocking.isPossible(caller.lookupClass().getClassLoader())
          || Mocking.isPossible(owner.getClassLoader())
          || !known.getName().equals(name)
          || (!isStatic && method.type().parameterType(0) != owner)) {
        return null;
      }
      MethodType type =
          known.getMethodType().appendParameterTypes(Bare.class).changeReturnType(Object.class);
      Lookup inside = MethodHandles.privateLookupIn(owner, caller);
      MethodHandle found =
          isStatic
              ? inside.findStatic(owner, name, type)
              : inside.findSpecial(owner, name, type, owner);
      MethodHandleInfo entry = inside.revealDirect(found);
      int flags = Modifier.PRIVATE | BRIDGE;
      return (entry.getModifiers() & flags) == flags && entry.getDeclaringClass() == owner
          ? MethodHandles.insertArguments(
              found, found.type().parameterCount() - 1, new @Nullable Object[] {null})
          : null;
    } catch (NoSuchMethodException
        | IllegalAccessException
        | IllegalArgumentException // from revealDirect: inherited from where it cannot be reached
        | SecurityException none) {
      return null;
    }
  }
}
