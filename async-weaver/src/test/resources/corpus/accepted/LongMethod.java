// A long method with many awaits, but not too long.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class LongMethod {
  static CompletableFuture<String> run(Source s) {
    int a = 0;
    long b = 1;
    String r = "";
    a += await(s.of(0)) + (int) b;
    b ^= a * 31L + 0;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("0,"));
    }
    a += await(s.of(1)) + (int) b;
    b ^= a * 31L + 1;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("1,"));
    }
    a += await(s.of(2)) + (int) b;
    b ^= a * 31L + 2;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("2,"));
    }
    a += await(s.of(3)) + (int) b;
    b ^= a * 31L + 3;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("3,"));
    }
    a += await(s.of(4)) + (int) b;
    b ^= a * 31L + 4;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("4,"));
    }
    a += await(s.of(5)) + (int) b;
    b ^= a * 31L + 5;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("5,"));
    }
    a += await(s.of(6)) + (int) b;
    b ^= a * 31L + 6;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("6,"));
    }
    a += await(s.of(7)) + (int) b;
    b ^= a * 31L + 7;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("7,"));
    }
    a += await(s.of(8)) + (int) b;
    b ^= a * 31L + 8;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("8,"));
    }
    a += await(s.of(9)) + (int) b;
    b ^= a * 31L + 9;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("9,"));
    }
    a += await(s.of(10)) + (int) b;
    b ^= a * 31L + 10;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("10,"));
    }
    a += await(s.of(11)) + (int) b;
    b ^= a * 31L + 11;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("11,"));
    }
    a += await(s.of(12)) + (int) b;
    b ^= a * 31L + 12;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("12,"));
    }
    a += await(s.of(13)) + (int) b;
    b ^= a * 31L + 13;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("13,"));
    }
    a += await(s.of(14)) + (int) b;
    b ^= a * 31L + 14;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("14,"));
    }
    a += await(s.of(15)) + (int) b;
    b ^= a * 31L + 15;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("15,"));
    }
    a += await(s.of(16)) + (int) b;
    b ^= a * 31L + 16;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("16,"));
    }
    a += await(s.of(17)) + (int) b;
    b ^= a * 31L + 17;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("17,"));
    }
    a += await(s.of(18)) + (int) b;
    b ^= a * 31L + 18;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("18,"));
    }
    a += await(s.of(19)) + (int) b;
    b ^= a * 31L + 19;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("19,"));
    }
    a += await(s.of(20)) + (int) b;
    b ^= a * 31L + 20;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("20,"));
    }
    a += await(s.of(21)) + (int) b;
    b ^= a * 31L + 21;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("21,"));
    }
    a += await(s.of(22)) + (int) b;
    b ^= a * 31L + 22;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("22,"));
    }
    a += await(s.of(23)) + (int) b;
    b ^= a * 31L + 23;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("23,"));
    }
    a += await(s.of(24)) + (int) b;
    b ^= a * 31L + 24;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("24,"));
    }
    a += await(s.of(25)) + (int) b;
    b ^= a * 31L + 25;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("25,"));
    }
    a += await(s.of(26)) + (int) b;
    b ^= a * 31L + 26;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("26,"));
    }
    a += await(s.of(27)) + (int) b;
    b ^= a * 31L + 27;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("27,"));
    }
    a += await(s.of(28)) + (int) b;
    b ^= a * 31L + 28;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("28,"));
    }
    a += await(s.of(29)) + (int) b;
    b ^= a * 31L + 29;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("29,"));
    }
    a += await(s.of(30)) + (int) b;
    b ^= a * 31L + 30;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("30,"));
    }
    a += await(s.of(31)) + (int) b;
    b ^= a * 31L + 31;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("31,"));
    }
    a += await(s.of(32)) + (int) b;
    b ^= a * 31L + 32;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("32,"));
    }
    a += await(s.of(33)) + (int) b;
    b ^= a * 31L + 33;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("33,"));
    }
    a += await(s.of(34)) + (int) b;
    b ^= a * 31L + 34;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("34,"));
    }
    a += await(s.of(35)) + (int) b;
    b ^= a * 31L + 35;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("35,"));
    }
    a += await(s.of(36)) + (int) b;
    b ^= a * 31L + 36;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("36,"));
    }
    a += await(s.of(37)) + (int) b;
    b ^= a * 31L + 37;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("37,"));
    }
    a += await(s.of(38)) + (int) b;
    b ^= a * 31L + 38;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("38,"));
    }
    a += await(s.of(39)) + (int) b;
    b ^= a * 31L + 39;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("39,"));
    }
    a += await(s.of(40)) + (int) b;
    b ^= a * 31L + 40;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("40,"));
    }
    a += await(s.of(41)) + (int) b;
    b ^= a * 31L + 41;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("41,"));
    }
    a += await(s.of(42)) + (int) b;
    b ^= a * 31L + 42;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("42,"));
    }
    a += await(s.of(43)) + (int) b;
    b ^= a * 31L + 43;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("43,"));
    }
    a += await(s.of(44)) + (int) b;
    b ^= a * 31L + 44;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("44,"));
    }
    a += await(s.of(45)) + (int) b;
    b ^= a * 31L + 45;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("45,"));
    }
    a += await(s.of(46)) + (int) b;
    b ^= a * 31L + 46;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("46,"));
    }
    a += await(s.of(47)) + (int) b;
    b ^= a * 31L + 47;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("47,"));
    }
    a += await(s.of(48)) + (int) b;
    b ^= a * 31L + 48;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("48,"));
    }
    a += await(s.of(49)) + (int) b;
    b ^= a * 31L + 49;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("49,"));
    }
    a += await(s.of(50)) + (int) b;
    b ^= a * 31L + 50;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("50,"));
    }
    a += await(s.of(51)) + (int) b;
    b ^= a * 31L + 51;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("51,"));
    }
    a += await(s.of(52)) + (int) b;
    b ^= a * 31L + 52;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("52,"));
    }
    a += await(s.of(53)) + (int) b;
    b ^= a * 31L + 53;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("53,"));
    }
    a += await(s.of(54)) + (int) b;
    b ^= a * 31L + 54;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("54,"));
    }
    a += await(s.of(55)) + (int) b;
    b ^= a * 31L + 55;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("55,"));
    }
    a += await(s.of(56)) + (int) b;
    b ^= a * 31L + 56;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("56,"));
    }
    a += await(s.of(57)) + (int) b;
    b ^= a * 31L + 57;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("57,"));
    }
    a += await(s.of(58)) + (int) b;
    b ^= a * 31L + 58;
    if ((a & 1) == await(s.of(0))) {
      r += await(s.of("58,"));
    }
    a += await(s.of(59)) + (int) b;
    b ^= a * 31L + 59;
    if ((a & 1) == await(s.of(1))) {
      r += await(s.of("59,"));
    }
    return s.of(r + a + b);
  }
}
