// Many awaits in one expression.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class ManyAwaitsInOne {
  static CompletableFuture<String> run(Source s) {
    int sum =
            await(s.of(0)) * 0
            - await(s.of(1)) * 1
            + await(s.of(2)) * 2
            - await(s.of(3)) * 3
            + await(s.of(4)) * 4
            - await(s.of(5)) * 0
            + await(s.of(6)) * 1
            - await(s.of(7)) * 2
            + await(s.of(8)) * 3
            - await(s.of(9)) * 4
            + await(s.of(10)) * 0
            - await(s.of(11)) * 1
            + await(s.of(12)) * 2
            - await(s.of(13)) * 3
            + await(s.of(14)) * 4
            - await(s.of(15)) * 0
            + await(s.of(16)) * 1
            - await(s.of(17)) * 2
            + await(s.of(18)) * 3
            - await(s.of(19)) * 4
            + await(s.of(20)) * 0
            - await(s.of(21)) * 1
            + await(s.of(22)) * 2
            - await(s.of(23)) * 3
            + await(s.of(24)) * 4
            - await(s.of(25)) * 0
            + await(s.of(26)) * 1
            - await(s.of(27)) * 2
            + await(s.of(28)) * 3
            - await(s.of(29)) * 4
            + await(s.of(30)) * 0
            - await(s.of(31)) * 1
            + await(s.of(32)) * 2
            - await(s.of(33)) * 3
            + await(s.of(34)) * 4
            - await(s.of(35)) * 0
            + await(s.of(36)) * 1
            - await(s.of(37)) * 2
            + await(s.of(38)) * 3
            - await(s.of(39)) * 4
            + await(s.of(40)) * 0
            - await(s.of(41)) * 1
            + await(s.of(42)) * 2
            - await(s.of(43)) * 3
            + await(s.of(44)) * 4
            - await(s.of(45)) * 0
            + await(s.of(46)) * 1
            - await(s.of(47)) * 2
            + await(s.of(48)) * 3
            - await(s.of(49)) * 4
            + await(s.of(50)) * 0
            - await(s.of(51)) * 1
            + await(s.of(52)) * 2
            - await(s.of(53)) * 3
            + await(s.of(54)) * 4
            - await(s.of(55)) * 0
            + await(s.of(56)) * 1
            - await(s.of(57)) * 2
            + await(s.of(58)) * 3
            - await(s.of(59)) * 4
            + await(s.of(60)) * 0
            - await(s.of(61)) * 1
            + await(s.of(62)) * 2
            - await(s.of(63)) * 3
            + await(s.of(64)) * 4
            - await(s.of(65)) * 0
            + await(s.of(66)) * 1
            - await(s.of(67)) * 2
            + await(s.of(68)) * 3
            - await(s.of(69)) * 4
            + await(s.of(70)) * 0
            - await(s.of(71)) * 1
            + await(s.of(72)) * 2
            - await(s.of(73)) * 3
            + await(s.of(74)) * 4
            - await(s.of(75)) * 0
            + await(s.of(76)) * 1
            - await(s.of(77)) * 2
            + await(s.of(78)) * 3
            - await(s.of(79)) * 4;
    return s.of("" + sum);
  }
}
