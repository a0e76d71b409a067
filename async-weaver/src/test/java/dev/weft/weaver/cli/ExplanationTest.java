package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.MethodReport;
import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.files.SmallProject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} lays out what each async method saves at each await. */
class ExplanationTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();

  private int explain(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(out, true), arguments);
  }

  @Test
  void statesAndLocalsStandInColumns() {
    MethodReport buy =
        new MethodReport(
            "buy",
            "(Lshop/Shop;Lshop/Shop$Item;[J)Ljava/util/concurrent/CompletableFuture;",
            12,
            dev.weft.weaver.Engine.EA,
            "",
            61,
            298,
            List.of(
                new SuspensionPoint(1, 13, List.of(new SavedLocal("item", "Lshop/Item;", 4))),
                new SuspensionPoint(
                    2,
                    14,
                    List.of(new SavedLocal("price", "J", 8), new SavedLocal("item", "[[I", 4))),
                new SuspensionPoint(3, 0, List.of())));
    WeaveResult result = new WeaveResult("shop/Shop", null, Map.of(), List.of(buy), List.of());

    new Explanation(result).printTo(new PrintWriter(out, true));

    assertThat(out.toString().lines().toList())
        .containsExactly(
            "class shop.Shop: 1 async method, 3 suspension points",
            "",
            "CompletableFuture buy(Shop, Shop.Item, long[]), line 12",
            "  code: 61 bytes as compiled, 298 woven",
            "",
            "  state  line  saved  type       bytes",
            "  -----  ----  -----  ---------  -----",
            "      1    13  item   shop.Item      4",
            "      2    14  price  long           8",
            "               item   int[][]        4",
            "      3     ?  -                     0");
  }

  @Test
  void aClassWithoutAsyncMethodsIsSaidToBeSo() {
    new SmallProject(root).compile("shop/Plain", SmallProject.PLAIN);

    assertThat(explain("explain", "shop.Plain", "-cp", root.resolve("classes").toString()))
        .isZero();

    assertThat(out).hasToString("class shop.Plain has no async methods" + System.lineSeparator());
  }

  @Test
  void aCompiledClassAndAWovenOneAreExplainedAlike() {
    SmallProject project = new SmallProject(root).compile("shop/Shop", SmallProject.SHOP);
    assertThat(explain("explain", project.classFile("shop/Shop").toString())).isZero();
    String compiled = out.toString();
    assertThat(explain("weave", project.classes().toString())).isZero();
    out.getBuffer().setLength(0);

    assertThat(explain("explain", "shop.Shop", "-cp", project.classes().toString())).isZero();

    assertThat(out).hasToString(compiled);
    assertThat(compiled.lines())
        .anyMatch(line -> line.matches(" +1 +11 +price +java.util.concurrent.CompletableFuture +4"))
        .anyMatch(line -> line.matches(" +2 +12 +name +java.lang.String +4"));
  }

  @Test
  void nestedClassesMayBeNamedWithADot() {
    new SmallProject(root)
        .compile("shop/Plain", "package shop; class Plain { static class Inner {} }");

    assertThat(explain("explain", "shop.Plain.Inner", "-cp", root.resolve("classes").toString()))
        .isZero();

    assertThat(out.toString()).startsWith("class shop.Plain$Inner has no async methods");
  }

  @Test
  void whatCannotBeWovenIsSaidAsWhenWeaving() {
    SmallProject project = new SmallProject(root).compile("shop/Locked", SmallProject.LOCKED);

    assertThat(explain("explain", project.classFile("shop/Locked").toString())).isEqualTo(1);

    assertThat(out.toString()).startsWith("Locked.java:6: error: [WEFT009] ");
  }
}
