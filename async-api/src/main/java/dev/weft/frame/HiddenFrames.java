package dev.weft.frame;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Links the suspensions of classes that were woven by the java agent. An agent can replace a class
 * but not add one, so such a class carries its frame classes in its constants, and they become
 * hidden nestmates of it when a method first suspends.
 *
 * <p>An application gets there by the agent alone, {@code java -javaagent:async-weaver-agent.jar}:
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(Shop shop, Item item) {
 *   return shop.pay(await(shop.price(item))); // its frame class is made when this first waits
 * }
 * }</pre>
 */
public final class HiddenFrames {
  /** Behind the magic number, two halves of the version, and how many constants there are. */
  private static final int FIRST_CONSTANT = 10;

  private static final int UTF8_CONSTANT = 1;

  /**
   * By the class that was woven: its frame classes by what is in them, since a class that is
   * redefined may have others of the same name. Goes with that class.
   */
  private static final ClassValue<Map<String, Lookup>> FRAMES =
      new ClassValue<>() {
        @Override
        protected Map<String, Lookup> computeValue(Class<?> woven) {
          return new ConcurrentHashMap<>();
        }
      };

  private HiddenFrames() {}

  /**
   * Bootstrap method of a call of a frame class's {@code suspend}.
   *
   * @param caller the woven class
   * @param name {@code suspend}
   * @param type the call's type
   * @param frameName the frame class's binary name, for those who read the woven class
   * @param chunks the frame class, a char per byte; calls that carry the same share it
   */
  public static CallSite suspend(
      Lookup caller, String name, MethodType type, String frameName, String... chunks)
      throws ReflectiveOperationException {
    String classFile = String.join("", chunks);
    // Within computeIfAbsent, so that calls that are linked at the same time agree on one class.
    Lookup frame =
        FRAMES
            .get(caller.lookupClass())
            .computeIfAbsent(identity(classFile), key -> define(caller, classFile));
    return new ConstantCallSite(frame.findStatic(frame.lookupClass(), name, type));
  }

  /**
   * What makes a frame class another one than the one before a redefinition: all of it but the
   * first constant, its {@link Frame#awaitTable}. Lines move with every edit above them, and a
   * suspended call must go on all the same, in code that takes no other class's frames. The price:
   * after such an edit the frames still say the lines of before.
   */
  private static String identity(String classFile) {
    if (classFile.charAt(FIRST_CONSTANT) != UTF8_CONSTANT) {
      return classFile;
    }
    int length = classFile.charAt(FIRST_CONSTANT + 1) << 8 | classFile.charAt(FIRST_CONSTANT + 2);
    return classFile.substring(FIRST_CONSTANT + 3 + length);
  }

  private static Lookup define(Lookup caller, String classFile) {
    try {
      return caller.defineHiddenClass(
          classFile.getBytes(StandardCharsets.ISO_8859_1),
          false,
          MethodHandles.Lookup.ClassOption.NESTMATE);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot define a frame class of " + caller.lookupClass(), e);
    }
  }
}
