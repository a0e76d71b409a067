package dev.weft.frame;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is a library that gives methods of final classes, and static methods, another body:
 * a mock. It does so under the method's own name and leaves out bridges and private methods, as a
 * bare entry is one: a call by the entry would run what is to be mocked, and the test would not say
 * so. Such libraries are there in tests alone, where the price of a future is no matter.
 */
final class Mocking {
  /** Mockito's inline mocks, MockK's, and JMockit's. */
  private static final List<String> LIBRARIES =
      List.of("org.mockito.Mockito", "io.mockk.MockK", "mockit.Mocked");

  /** What Mockito puts among the JDK's own classes, for any loader, with the first inline mock. */
  private static final String DISPATCHER =
      "org.mockito.internal.creation.bytebuddy.inject.MockMethodDispatcher";

  /** By class loader, where one was asked for. A class that is not found is searched for long. */
  private static final Map<@Nullable ClassLoader, Boolean> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Mocking() {}

  /** True if the classes of a loader see such a library. */
  static boolean isPossible(@Nullable ClassLoader loader) {
    Boolean known = KNOWN.get(loader);
    if (known == null) { // not under the map's lock, as the loader may be anybody's
      try {
        known = seesOne(loader);
      } catch (RuntimeException unable) { // a plain call asks it nothing, and would have run
        return sees(null, DISPATCHER);
      }
      KNOWN.put(loader, known);
    }
    return known || sees(null, DISPATCHER);
  }

  private static boolean seesOne(@Nullable ClassLoader loader) {
    return LIBRARIES.stream().anyMatch(name -> sees(loader, name));
  }

  private static boolean sees(@Nullable ClassLoader loader, String name) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException | LinkageError none) {
      return false;
    }
  }
}
