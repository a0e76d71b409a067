package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code explain} lays out what each async method saves at each await. */
class ExplanationTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();

  private int explain(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(out, true), arguments);
  }

  private void print(MethodReport... methods) {
    WeaveResult result = new WeaveResult("shop/Shop", null, Map.of(), List.of(methods), List.of());
    new Explanation(result).printTo(new PrintWriter(out, true));
  }

  private static MethodReport method(
      Engine engine, String reason, int originalBytes, int wovenBytes) {
    return new MethodReport("m", "()V", 1, engine, reason, originalBytes, wovenBytes, List.of());
  }

  @Test
  void statesAndLocalsStandInColumns() {
    print(
        new MethodReport(
            "buy",
            "(Lshop/Shop;Lshop/Shop$Item;[J)Ljava/util/concurrent/CompletableFuture;",
            12,
            Engine.EA,
            "",
            61,
            298,
            List.of(
                new SuspensionPoint(1, 13, List.of(new SavedLocal("item", "Lshop/Item;", 4))),
                new SuspensionPoint(
                    2,
                    14,
                    List.of(new SavedLocal("price", "J", 8), new SavedLocal("item", "[[I", 4))),
                new SuspensionPoint(3, 0, List.of()))));

    assertThat(out.toString().lines().toList())
        .containsExactly(
            "class shop.Shop: 1 async method, 3 suspension points, code 4.9 times as large (median)",
            "",
            "CompletableFuture buy(Shop, Shop.Item, long[]), line 12",
            "  engine: EA Async",
            "  code: 61 bytes as compiled, 298 woven, 4.9 times as large",
            "",
            "  state  line  saved  type       bytes",
            "  -----  ----  -----  ---------  -----",
            "      1    13  item   shop.Item      4",
            "      2    14  price  long           8",
            "               item   int[][]        4",
            "      3     ?  -                     0");
  }

  @Test
  void theEngineOfEachMethodIsNamedAndWhyNotTheOther() {
    print(
        method(Engine.DIRECT, "EA Async would triple it", 100, 200),
        method(Engine.EA, "engine=ea is set", 100, 300));

    assertThat(out.toString().lines())
        .containsSubsequence(
            "  engine: direct (EA Async would triple it)",
            "  code: 100 bytes as compiled, 200 woven, 2.0 times as large",
            "  engine: EA Async (engine=ea is set)",
            "  code: 100 bytes as compiled, 300 woven, 3.0 times as large");
  }

  @Test
  void theMedianOfTheGrowthIsThatOfTheMethods() {
    print(
        method(Engine.EA, "", 10, 90), method(Engine.EA, "", 10, 20), method(Engine.EA, "", 9, 9));
    print(method(Engine.EA, "", 10, 40), method(Engine.EA, "", 10, 30));

    assertThat(out.toString().lines().filter(line -> line.startsWith("class ")))
        .satisfiesExactly(
            odd -> assertThat(odd).endsWith(", code 2.0 times as large (median)"),
            even -> assertThat(even).endsWith(", code 3.5 times as large (median)"));
  }

  @Test
  void aClassWithoutAsyncMethodsIsSaidToBeSo() {
    new SmallProject(root).compile("shop/Plain", SmallProject.PLAIN);

    assertThat(explain("explain", "shop.Plain", "-cp", root.resolve("classes").toString()))
        .isZero();

    assertThat(out).hasToString("class shop.Plain has no async methods" + System.lineSeparator());
  }

  @ParameterizedTest
  @EnumSource
  void aCompiledClassAndAWovenOneAreExplainedAlike(Engine engine) {
    String option = "--engine=" + engine;
    SmallProject project = new SmallProject(root).compile("shop/Shop", SmallProject.SHOP);
    assertThat(explain("explain", option, project.classFile("shop/Shop").toString())).isZero();
    String compiled = out.toString();
    assertThat(explain("weave", option, project.classes().toString())).isZero();
    out.getBuffer().setLength(0);

    assertThat(explain("explain", "shop.Shop", "-cp", project.classes().toString())).isZero();

    assertThat(out).hasToString(compiled);
    assertThat(compiled.lines())
        .contains("CompletableFuture buy(CompletableFuture, CompletableFuture), line 11")
        .anyMatch(line -> line.matches(" +1 +11 +price +java.util.concurrent.CompletableFuture +4"))
        .anyMatch(line -> line.matches(" +2 +12 +name +java.lang.String +4"));
  }

  /** It returns a task once it is woven, and is longer then. */
  @ParameterizedTest
  @EnumSource
  void aHelperIsExplainedAsTheSourceHasIt(Engine engine) {
    SmallProject project =
        new SmallProject(root)
            .compile(
                "shop/Till",
                """
                package shop;
                import static dev.weft.Async.await;
                import java.util.concurrent.CompletableFuture;
                class Till {
                  private static int total(CompletableFuture<Integer> price, int count) {
                    return await(price) * count;
                  }
                  static CompletableFuture<Integer> pay(CompletableFuture<Integer> price) {
                    return CompletableFuture.completedFuture(total(price, 2));
                  }
                }
                """);
    String option = "--engine=" + engine;

    assertThat(explain("explain", option, project.classFile("shop/Till").toString())).isZero();

    String compiled = out.toString();
    assertThat(compiled.lines())
        .contains(
            "int total(CompletableFuture, int), line 6",
            "CompletableFuture pay(CompletableFuture), line 9")
        .anyMatch(line -> line.startsWith("  code: 13 bytes as compiled, "))
        .anyMatch(line -> line.startsWith("  code: 12 bytes as compiled, "));

    assertThat(explain("weave", option, project.classes().toString())).isZero();
    out.getBuffer().setLength(0);
    assertThat(explain("explain", "shop.Till", "-cp", project.classes().toString())).isZero();
    assertThat(out).hasToString(compiled);
  }

  @Test
  void callsWithoutAFutureAreToldOf() {
    print(
        method(new MethodReport.Calls(true, List.of(), "")),
        method(new MethodReport.Calls(true, List.of(14), "")),
        method(new MethodReport.Calls(false, List.of(14, 0, 12, 14), "")),
        method(new MethodReport.Calls(false, List.of(), "it would be too large")),
        method(MethodReport.Calls.NONE));

    assertThat(out.toString().lines().filter(line -> line.startsWith("  calls:")))
        .containsExactly(
            "  calls: has a second entry for those who await it at once",
            "  calls: has a second entry for those who await it at once; by the second entry of what is"
                + " awaited in line 14",
            "  calls: by the second entry of what is awaited in lines ?, 12, 14",
            "  calls: all by a future (it would be too large)");
  }

  private static MethodReport method(MethodReport.Calls calls) {
    return new MethodReport("m", "()V", 1, Engine.EA, "", 10, 10, List.of(), calls);
  }

  @ParameterizedTest
  @EnumSource
  void callsWithinAClassAreToldOfAWovenOneToo(Engine engine) {
    String option = "--engine=" + engine;
    SmallProject project =
        new SmallProject(root)
            .compile(
                "shop/Till",
                """
                package shop;
                import static dev.weft.Async.*;
                import dev.weft.Task;
                class Till {
                  private static Task<Integer> price(Task<Integer> of) {
                    return done(await(of) * 2);
                  }
                  static Task<Integer> pay(Task<Integer> of) {
                    return done(await(price(of)) + 1);
                  }
                }
                """);
    assertThat(explain("explain", option, project.classFile("shop/Till").toString())).isZero();
    String compiled = out.toString();
    assertThat(compiled.lines())
        .contains(
            "  calls: has a second entry for those who await it at once",
            "  calls: by the second entry of what is awaited in line 9");

    assertThat(explain("weave", option, project.classes().toString())).isZero();
    out.getBuffer().setLength(0);
    assertThat(explain("explain", "shop.Till", "-cp", project.classes().toString())).isZero();
    assertThat(out).hasToString(compiled);
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
