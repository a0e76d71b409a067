// Private methods that await and return a plain value: of each type, static and not, recursive, through others, failing.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

class Helpers {
  private int calls;

  private static boolean flag(Source s) {
    return await(s.of(true));
  }

  private static byte octet(Source s, byte b) {
    return (byte) (b + await(s.of((byte) 1)));
  }

  private static char letter(Source s) {
    return await(s.of('c'));
  }

  private static short small(Source s) {
    return await(s.of((short) 7));
  }

  private static long large(Source s, long l, double d) {
    return await(s.of(1L << 40)) + l + (long) d;
  }

  private static float single(Source s) {
    return await(s.of(1.5f));
  }

  private static double twice(Source s, double d) {
    return d + await(s.of(d));
  }

  private static String[] words(Source s) {
    return new String[] {await(s.of("w1")), await(s.of("w2"))};
  }

  private static <T extends Comparable<T>> T larger(Source s, T a, T b) {
    return await(s.of(a)).compareTo(await(s.of(b))) > 0 ? a : b;
  }

  private static Object anything(Source s) {
    return await(s.of(null));
  }

  private void count(Source s) {
    if (calls > 2) {
      return;
    }
    calls += await(s.of(1));
  }

  private int factorial(Source s, int n) {
    calls++;
    return n <= 1 ? await(s.of(1)) : n * factorial(s, n - 1);
  }

  private int between(Source s) {
    return even(s, 3) ? 1 : 2;
  }

  private boolean even(Source s, int n) {
    return n == 0 || !odd(s, n - 1);
  }

  private boolean odd(Source s, int n) {
    return n != 0 && await(s.of(!even(s, n - 1)));
  }

  private static String failing(Source s, boolean early) throws IOException {
    if (early) {
      throw new IOException("early");
    }
    await(s.of(1));
    try {
      throw new IOException("late");
    } finally {
      s.log("finally " + await(s.of("x")));
    }
  }

  private static String caught(Source s, boolean early) {
    try {
      return failing(s, early);
    } catch (IOException e) {
      return "caught " + e.getMessage();
    }
  }

  CompletableFuture<String> members(Source s) {
    count(s);
    count(s);
    String text = calls + "," + factorial(s, 4) + "," + between(s) + "," + calls;
    return s.of(text);
  }

  static CompletableFuture<String> run(Source s) {
    List<Object> all = new ArrayList<>();
    all.add(flag(s));
    all.add(octet(s, (byte) 127));
    all.add(letter(s));
    all.add(small(s));
    all.add(large(s, 2, twice(s, 1.25)));
    all.add(single(s));
    all.add(String.join("-", words(s)));
    all.add(larger(s, "a", larger(s, "b", "c")));
    all.add(anything(s));
    all.add(await(new Helpers().members(s)));
    all.add(caught(s, true));
    all.add(caught(s, false));
    Callable<CompletableFuture<Integer>> lambda = () -> s.of(flag(s) ? small(s) + 1 : 0);
    try {
      all.add(await(lambda.call()));
      failing(s, flag(s));
    } catch (Exception e) {
      all.add(e.toString());
    }
    return s.of(all.toString());
  }
}
