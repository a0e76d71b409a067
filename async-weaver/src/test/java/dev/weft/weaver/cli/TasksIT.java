package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.weft.weaver.Engine;
import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import dev.weft.weaver.tasks.attach.TasksProgram;
import dev.weft.weaver.tasks.attach.TasksSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar shows the tasks of a JVM that was started without it, while all its workers are
 * in loops without an end.
 */
class TasksIT {
  @TempDir static Path root;

  private static TasksProgram program;
  private static Path temporary;

  @BeforeAll
  static void start() throws IOException {
    SmallProject project = TasksProgram.woven(root, Engine.AUTO);
    temporary = Files.createDirectory(root.resolve("temporary"));
    program = TasksProgram.start(root, project, List.of("-Djava.io.tmpdir=" + temporary), "spin");
  }

  @AfterAll
  static void end() {
    program.close();
  }

  private static ForkedJvm run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-jar", ForkedJvm.agentJar(), "tasks"));
    all.addAll(Arrays.asList(arguments));
    return ForkedJvm.run(root, all.toArray(String[]::new));
  }

  private static String pid() {
    return Long.toString(program.pid());
  }

  /** Nothing is left behind, and nothing was logged. */
  private static void assertThatItIsAsItWas() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.filter(file -> file.toString().contains("weft-tasks"))).isEmpty();
    }
    assertThat(program.log()).noneMatch(line -> line.contains("weft agent"));
  }

  @Test
  void itShowsEachTaskAndWhatThatWaitsFor() throws Exception {
    ForkedJvm jvm = run(pid());

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out())
        .contains("executor shop (work-stealing, 2 workers)", "executor loop (node)")
        .contains(
            "    at await//app.Main.pay(Main.java:30)", "    at await//app.Main.buy(Main.java:34)")
        .anyMatch(
            line ->
                line.contains("\"order\" suspended for ") && line.contains(": waits for a sleep"))
        .anyMatch(
            line -> line.contains("\"spin\" running for ") && line.contains(" on shop-worker-"))
        .anyMatch(line -> line.startsWith("Deadlock of 2"))
        .noneMatch(line -> line.contains("r17"));
    assertThat(jvm.exitCode()).isZero();
    assertThatItIsAsItWas();
  }

  @Test
  void aTreeHasTasksBelowThoseThatWaitForThem() throws Exception {
    ForkedJvm jvm = run(pid(), "--tree", "--locals");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out())
        .anyMatch(line -> line.matches("    t\\d+ \"left\" suspended .*"))
        .anyMatch(line -> line.endsWith(" = r17"));
  }

  @Test
  void jsonIsOfItsForm() throws Exception {
    ForkedJvm jvm = run(pid(), "--json");

    assertThat(jvm.err()).isEmpty();
    JsonObject json = TasksSchema.read(String.join("\n", jvm.out()));
    assertThat(json.get("source").getAsString()).isEqualTo("pid " + pid());
    assertThat(json.getAsJsonArray("deadlocks")).isNotEmpty();
    assertThat(json.getAsJsonObject("summary").get("running").getAsInt()).isGreaterThanOrEqualTo(2);
    assertThatItIsAsItWas();
  }

  @Test
  void aHeapDumpOfFramesThatTheAgentHasMadeIsReadTheSame() throws Exception {
    Path here = Files.createDirectory(root.resolve("hidden"));
    SmallProject project = new SmallProject(here).compile("app/Main", TasksProgram.SOURCE);
    Path dump = here.resolve("app.hprof");
    TasksProgram.start(here, project, List.of(ForkedJvm.agent("")), dump.toString()).close();

    ForkedJvm jvm = run("--heap", dump.toString());
    ForkedJvm json = run("--heap", dump.toString(), "--json");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out())
        .contains(
            "    at await//app.Main.pay(Main.java:30)", "    at await//app.Main.buy(Main.java:34)")
        .anyMatch(line -> line.startsWith("Deadlock of 2"));
    assertThat(json.err()).isEmpty();
    TasksSchema.read(String.join("\n", json.out()));
  }

  @Test
  void aJvmWithoutWeftSaysSo() throws Exception {
    Path here = Files.createDirectory(root.resolve("plain"));
    SmallProject project =
        new SmallProject(here)
            .compile(
                "app/Main",
                """
                package app;
                public class Main {
                  public static void main(String[] arguments) throws Exception {
                    System.out.println("ready");
                    System.in.read();
                  }
                }
                """);
    try (TasksProgram plain = TasksProgram.start(here, project, List.of())) {
      ForkedJvm jvm = run(Long.toString(plain.pid()));

      assertThat(jvm.exitCode()).isEqualTo(1);
      assertThat(jvm.out()).isEmpty();
      assertThat(jvm.err())
          .singleElement()
          .asString()
          .startsWith("process " + plain.pid() + ": it has not loaded Weft");
      assertThat(plain.log()).isEmpty();
    }
  }

  @Test
  void oneThatForbidsAgentsIsToldHowElse() throws Exception {
    Path here = Files.createDirectory(root.resolve("forbidden"));
    SmallProject project = TasksProgram.woven(here, Engine.AUTO);
    try (TasksProgram closed =
        TasksProgram.start(here, project, List.of("-XX:-EnableDynamicAgentLoading"))) {
      ForkedJvm jvm = run(Long.toString(closed.pid()));

      assertThat(jvm.exitCode()).isEqualTo(1);
      assertThat(jvm.err())
          .singleElement()
          .asString()
          .contains("lets no agent be loaded", "jmx(true)", "-XX:+EnableDynamicAgentLoading");
    }
  }

  @Test
  void orAsksItsManagementIfThatHasTheTasks() throws Exception {
    Path here = Files.createDirectory(root.resolve("managed"));
    SmallProject project = TasksProgram.woven(here, Engine.AUTO);
    try (TasksProgram closed =
        TasksProgram.start(
            here, project, List.of("-XX:-EnableDynamicAgentLoading", "-Dapp.jmx=true"), "spin")) {
      ForkedJvm jvm = run(Long.toString(closed.pid()), "--json");
      ForkedJvm locals = run(Long.toString(closed.pid()), "--locals");

      assertThat(jvm.err()).isEmpty();
      TasksSchema.read(String.join("\n", jvm.out()));
      assertThat(locals.exitCode()).isEqualTo(1);
      assertThat(locals.err()).singleElement().asString().contains("--locals is not possible");
    }
  }

  @Test
  void withoutANumberItListsJvms() throws Exception {
    ForkedJvm jvm = run();

    assertThat(jvm.exitCode()).isZero();
    assertThat(jvm.out()).contains(pid() + " app.Main spin");
  }
}
