// NaN, negative zero and the infinities survive an await bit for bit.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class FloatingPoint {
  static CompletableFuture<String> run(Source s) {
    double nan = Double.longBitsToDouble(0x7ff8000000000123L);
    double minus = -0.0;
    double inf = Double.NEGATIVE_INFINITY;
    float fnan = Float.intBitsToFloat(0x7fc00123);
    float fminus = -0f;
    double got = await(s.of(-0.0));
    return CompletableFuture.completedFuture(
        Long.toHexString(Double.doubleToRawLongBits(nan))
            + Long.toHexString(Double.doubleToRawLongBits(minus * await(s.of(1.0))))
            + inf
            + Integer.toHexString(Float.floatToRawIntBits(fnan))
            + Integer.toHexString(Float.floatToRawIntBits(fminus))
            + 1 / got);
  }
}
