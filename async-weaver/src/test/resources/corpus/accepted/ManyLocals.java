// A hundred locals of four types live across an await.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ManyLocals {
  static CompletableFuture<String> run(Source s) {
    int base = await(s.of(1));
    int i0 = base + 0;
    long l0 = base + 0L;
    double d0 = base + 0.5;
    String s0 = "s" + base + 0;
    int i1 = base + 1;
    long l1 = base + 2L;
    double d1 = base + 1.5;
    String s1 = "s" + base + 1;
    int i2 = base + 2;
    long l2 = base + 4L;
    double d2 = base + 2.5;
    String s2 = "s" + base + 2;
    int i3 = base + 3;
    long l3 = base + 6L;
    double d3 = base + 3.5;
    String s3 = "s" + base + 3;
    int i4 = base + 4;
    long l4 = base + 8L;
    double d4 = base + 4.5;
    String s4 = "s" + base + 4;
    int i5 = base + 5;
    long l5 = base + 10L;
    double d5 = base + 5.5;
    String s5 = "s" + base + 5;
    int i6 = base + 6;
    long l6 = base + 12L;
    double d6 = base + 6.5;
    String s6 = "s" + base + 6;
    int i7 = base + 7;
    long l7 = base + 14L;
    double d7 = base + 7.5;
    String s7 = "s" + base + 7;
    int i8 = base + 8;
    long l8 = base + 16L;
    double d8 = base + 8.5;
    String s8 = "s" + base + 8;
    int i9 = base + 9;
    long l9 = base + 18L;
    double d9 = base + 9.5;
    String s9 = "s" + base + 9;
    int i10 = base + 10;
    long l10 = base + 20L;
    double d10 = base + 10.5;
    String s10 = "s" + base + 10;
    int i11 = base + 11;
    long l11 = base + 22L;
    double d11 = base + 11.5;
    String s11 = "s" + base + 11;
    int i12 = base + 12;
    long l12 = base + 24L;
    double d12 = base + 12.5;
    String s12 = "s" + base + 12;
    int i13 = base + 13;
    long l13 = base + 26L;
    double d13 = base + 13.5;
    String s13 = "s" + base + 13;
    int i14 = base + 14;
    long l14 = base + 28L;
    double d14 = base + 14.5;
    String s14 = "s" + base + 14;
    int i15 = base + 15;
    long l15 = base + 30L;
    double d15 = base + 15.5;
    String s15 = "s" + base + 15;
    int i16 = base + 16;
    long l16 = base + 32L;
    double d16 = base + 16.5;
    String s16 = "s" + base + 16;
    int i17 = base + 17;
    long l17 = base + 34L;
    double d17 = base + 17.5;
    String s17 = "s" + base + 17;
    int i18 = base + 18;
    long l18 = base + 36L;
    double d18 = base + 18.5;
    String s18 = "s" + base + 18;
    int i19 = base + 19;
    long l19 = base + 38L;
    double d19 = base + 19.5;
    String s19 = "s" + base + 19;
    int i20 = base + 20;
    long l20 = base + 40L;
    double d20 = base + 20.5;
    String s20 = "s" + base + 20;
    int i21 = base + 21;
    long l21 = base + 42L;
    double d21 = base + 21.5;
    String s21 = "s" + base + 21;
    int i22 = base + 22;
    long l22 = base + 44L;
    double d22 = base + 22.5;
    String s22 = "s" + base + 22;
    int i23 = base + 23;
    long l23 = base + 46L;
    double d23 = base + 23.5;
    String s23 = "s" + base + 23;
    int i24 = base + 24;
    long l24 = base + 48L;
    double d24 = base + 24.5;
    String s24 = "s" + base + 24;
    int extra = await(s.of(7));
    return CompletableFuture.completedFuture("" + (0
        + i0 + l0 + (long) d0 + s0.length()
        + i1 + l1 + (long) d1 + s1.length()
        + i2 + l2 + (long) d2 + s2.length()
        + i3 + l3 + (long) d3 + s3.length()
        + i4 + l4 + (long) d4 + s4.length()
        + i5 + l5 + (long) d5 + s5.length()
        + i6 + l6 + (long) d6 + s6.length()
        + i7 + l7 + (long) d7 + s7.length()
        + i8 + l8 + (long) d8 + s8.length()
        + i9 + l9 + (long) d9 + s9.length()
        + i10 + l10 + (long) d10 + s10.length()
        + i11 + l11 + (long) d11 + s11.length()
        + i12 + l12 + (long) d12 + s12.length()
        + i13 + l13 + (long) d13 + s13.length()
        + i14 + l14 + (long) d14 + s14.length()
        + i15 + l15 + (long) d15 + s15.length()
        + i16 + l16 + (long) d16 + s16.length()
        + i17 + l17 + (long) d17 + s17.length()
        + i18 + l18 + (long) d18 + s18.length()
        + i19 + l19 + (long) d19 + s19.length()
        + i20 + l20 + (long) d20 + s20.length()
        + i21 + l21 + (long) d21 + s21.length()
        + i22 + l22 + (long) d22 + s22.length()
        + i23 + l23 + (long) d23 + s23.length()
        + i24 + l24 + (long) d24 + s24.length()
        + extra));
  }
}
