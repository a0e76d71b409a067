// Every primitive type lives across awaits, as a local, a field and an array element.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class Primitives {
  boolean z = true;
  byte b = -7;
  char c = '\u20ac';
  short h = -300;

  CompletableFuture<String> all(Source s, boolean pz, byte pb, char pc, short ph) {
    boolean lz = !pz;
    byte lb = (byte) (pb + 1);
    char lc = (char) (pc + 1);
    short lh = (short) (ph - 1);
    int li = Integer.MIN_VALUE;
    long ll = Long.MAX_VALUE;
    float lf = Float.MIN_VALUE;
    double ld = Double.MAX_VALUE;
    boolean[] az = {false, true};
    byte[] ab = {1, -128};
    char[] ac = {'a', '\uffff'};
    short[] ah = {1, -32768};
    await(s.of(1));
    z = lz ^ az[1] ^ await(s.of(true));
    b += lb + ab[1] + await(s.of((byte) 3));
    c += await(s.of('x'));
    h -= lh + ah[1] + await(s.of((short) 5));
    az[0] |= await(s.of(true));
    ab[0] <<= await(s.of(3));
    ac[0]++;
    ah[1] >>>= await(s.of(2));
    return CompletableFuture.completedFuture(
        "" + z + b + (int) c + h + lz + lb + (int) lc + lh + li + ll + lf + ld + pz + pb + (int) pc + ph
            + az[0] + ab[0] + ac[0] + ah[1]);
  }

  static CompletableFuture<String> run(Source s) {
    return new Primitives().all(s, true, (byte) 127, 'z', Short.MIN_VALUE);
  }
}
