package dev.weft.frame;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Links the suspensions of classes that were woven by the java agent. An agent can replace a class
 * but not add one, so such a class carries its frame classes in its constants, and they become
 * hidden nestmates of it when a method first suspends.
 */
public final class HiddenFrames {
  /**
   * By the class that was woven: its frame classes by their content, since a class that is
   * redefined may have others of the same name. Goes with that class.
   */
  private static final ClassValue<Map<List<String>, Lookup>> FRAMES =
      new ClassValue<>() {
        @Override
        protected Map<List<String>, Lookup> computeValue(Class<?> woven) {
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
    // Within computeIfAbsent, so that calls that are linked at the same time agree on one class.
    Lookup frame =
        FRAMES
            .get(caller.lookupClass())
            .computeIfAbsent(List.of(chunks), key -> define(caller, key));
    return new ConstantCallSite(frame.findStatic(frame.lookupClass(), name, type));
  }

  private static Lookup define(Lookup caller, List<String> chunks) {
    byte[] classFile = String.join("", chunks).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return caller.defineHiddenClass(classFile, false, MethodHandles.Lookup.ClassOption.NESTMATE);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot define a frame class of " + caller.lookupClass(), e);
    }
  }
}
