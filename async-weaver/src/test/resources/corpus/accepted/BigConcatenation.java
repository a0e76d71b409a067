// A concatenation of more than 200 operands, which javac splits, with awaits here and there.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class BigConcatenation {
  static CompletableFuture<String> run(Source s) {
    int i = 1;
    String r =
        ""
            + i
            + "1" + i
            + "2" + i
            + i
            + "4" + i
            + "5" + i
            + i
            + await(s.of("7"))
            + "8" + i
            + i
            + "10" + i
            + "11" + i
            + i
            + "13" + i
            + "14" + i
            + i
            + "16" + i
            + "17" + i
            + i
            + "19" + i
            + "20" + i
            + i
            + "22" + i
            + "23" + i
            + i
            + "25" + i
            + "26" + i
            + i
            + "28" + i
            + "29" + i
            + i
            + "31" + i
            + "32" + i
            + i
            + "34" + i
            + "35" + i
            + i
            + "37" + i
            + "38" + i
            + i
            + "40" + i
            + "41" + i
            + i
            + "43" + i
            + "44" + i
            + i
            + "46" + i
            + await(s.of("47"))
            + i
            + "49" + i
            + "50" + i
            + i
            + "52" + i
            + "53" + i
            + i
            + "55" + i
            + "56" + i
            + i
            + "58" + i
            + "59" + i
            + i
            + "61" + i
            + "62" + i
            + i
            + "64" + i
            + "65" + i
            + i
            + "67" + i
            + "68" + i
            + i
            + "70" + i
            + "71" + i
            + i
            + "73" + i
            + "74" + i
            + i
            + "76" + i
            + "77" + i
            + i
            + "79" + i
            + "80" + i
            + i
            + "82" + i
            + "83" + i
            + i
            + "85" + i
            + "86" + i
            + await(s.of("87"))
            + "88" + i
            + "89" + i
            + i
            + "91" + i
            + "92" + i
            + i
            + "94" + i
            + "95" + i
            + i
            + "97" + i
            + "98" + i
            + i
            + "100" + i
            + "101" + i
            + i
            + "103" + i
            + "104" + i
            + i
            + "106" + i
            + "107" + i
            + i
            + "109" + i
            + "110" + i
            + i
            + "112" + i
            + "113" + i
            + i
            + "115" + i
            + "116" + i
            + i
            + "118" + i
            + "119" + i
            + i
            + "121" + i
            + "122" + i
            + i
            + "124" + i
            + "125" + i
            + i
            + await(s.of("127"))
            + "128" + i
            + i
            + "130" + i
            + "131" + i
            + i
            + "133" + i
            + "134" + i
            + i
            + "136" + i
            + "137" + i
            + i
            + "139" + i
            + "140" + i
            + i
            + "142" + i
            + "143" + i
            + i
            + "145" + i
            + "146" + i
            + i
            + "148" + i
            + "149" + i
            + i
            + "151" + i
            + "152" + i
            + i
            + "154" + i
            + "155" + i
            + i
            + "157" + i
            + "158" + i
            + i
            + "160" + i
            + "161" + i
            + i
            + "163" + i
            + "164" + i
            + i
            + "166" + i
            + await(s.of("167"))
            + i
            + "169" + i
            + "170" + i
            + i
            + "172" + i
            + "173" + i
            + i
            + "175" + i
            + "176" + i
            + i
            + "178" + i
            + "179" + i
            + i
            + "181" + i
            + "182" + i
            + i
            + "184" + i
            + "185" + i
            + i
            + "187" + i
            + "188" + i
            + i
            + "190" + i
            + "191" + i
            + i
            + "193" + i
            + "194" + i
            + i
            + "196" + i
            + "197" + i
            + i
            + "199" + i
            + "200" + i
            + i
            + "202" + i
            + "203" + i
            + i
            + "205" + i
            + "206" + i
            + await(s.of("207"))
            + "208" + i
            + "209" + i
            + i
            + "211" + i
            + "212" + i
            + i
            + "214" + i
            + "215" + i
            + i
            + "217" + i
            + "218" + i
            + i
        ;
    return CompletableFuture.completedFuture(r);
  }
}
