package dev.weft.weaver.tasks.attach;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program with tasks that wait, each for something else, in a JVM of its own. */
public final class TasksProgram implements AutoCloseable {
  private static final int SECONDS = 240;

  /** The lines that tests name are marked. */
  public static final String SOURCE =
      """
      package app;
      import static dev.weft.Async.await;
      import com.sun.management.HotSpotDiagnosticMXBean;
      import dev.weft.Async;
      import dev.weft.AsyncLocal;
      import dev.weft.NodeExecutor;
      import dev.weft.Task;
      import dev.weft.WorkStealingExecutor;
      import dev.weft.scope.TaskScope;
      import dev.weft.sync.AsyncMutex;
      import dev.weft.sync.AsyncRwLock;
      import java.lang.management.ManagementFactory;
      import java.time.Duration;
      import java.util.ArrayList;
      import java.util.List;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.atomic.AtomicInteger;
      public class Main {
        static final AsyncLocal<String> REQUEST = new AsyncLocal<>();
        static final WorkStealingExecutor SHOP =
            WorkStealingExecutor.builder()
                .name("shop")
                .workers(2)
                .jmx(Boolean.getBoolean("app.jmx"))
                .build();
        static final CompletableFuture<String> NEVER = new CompletableFuture<>();
        static final AtomicInteger SPINNING = new AtomicInteger();
        static final List<Object> KEPT = new ArrayList<>();
        static Task<Void> pay() {
          await(SHOP.sleep(Duration.ofHours(1))); // line 30
          return Async.done();
        }
        static Task<Void> buy() {
          await(pay()); // line 34
          return Async.done();
        }
        static Task<Void> waitFor(CompletableFuture<?> future) {
          await(future); // line 38
          return Async.done();
        }
        static Task<Void> both(AsyncMutex first, AsyncMutex second, CompletableFuture<?> go) {
          try (AsyncMutex.Held one = await(first.lock())) {
            await(go);
            try (AsyncMutex.Held two = await(second.lock())) { // line 44
              System.out.println("never");
            }
          }
          return Async.done();
        }
        static Task<Void> all() {
          await(Async.all(List.of(buy(), waitFor(NEVER)))); // line 51
          return Async.done();
        }
        static Task<Void> scope() {
          try (TaskScope<Object, Void> scope = TaskScope.failFast()) {
            scope.fork("forked", () -> waitFor(NEVER));
            await(scope.join()); // line 57
          }
          return Async.done();
        }
        static Task<Void> spin() {
          SPINNING.incrementAndGet();
          while (true) {
            Thread.onSpinWait(); // line 64
          }
        }
        static Task<Void> upgrade(AsyncRwLock lock) {
          try (AsyncRwLock.ReadHeld reading = await(lock.read())) {
            await(write(lock)); // line 69
          }
          return Async.done();
        }
        static Task<Void> write(AsyncRwLock lock) {
          try (AsyncRwLock.WriteHeld writing = await(lock.write())) { // line 74
            System.out.println("never");
          }
          return Async.done();
        }
        static Task<Void> ring(CompletableFuture<?> go, Task<?>[] ring, int next) {
          await(go);
          await(ring[next]); // line 81
          return Async.done();
        }
        static void until(Task<?> task, String words) {
          while (!task.asyncStackTrace().state().contains(words)) {
            Thread.yield();
          }
        }
        static Task<?> kept(Task<?> task, String words) {
          KEPT.add(task);
          until(task, words);
          return task;
        }
        public static void main(String[] arguments) throws Exception {
          kept(SHOP.spawn("order", () -> buy()), "a sleep");
          AsyncMutex a = new AsyncMutex();
          AsyncMutex b = new AsyncMutex();
          CompletableFuture<Void> go = new CompletableFuture<>();
          Task<?> left = kept(SHOP.spawn("left", () -> both(a, b, go)), "CompletableFuture");
          Task<?> right = kept(SHOP.spawn("right", () -> both(b, a, go)), "CompletableFuture");
          go.complete(null);
          until(left, "its turn");
          until(right, "its turn");
          kept(SHOP.spawn("watcher", () -> waitFor(left)), "its turn");
          kept(SHOP.spawn(() -> all()), "all of 2");
          kept(SHOP.spawn("\\u20ac", () -> scope()), "TaskScope");
          KEPT.add(waitFor(NEVER));
          kept(SHOP.spawn("upgrade", () -> upgrade(new AsyncRwLock())), "its turn");
          CompletableFuture<Void> begin = new CompletableFuture<>();
          Task<?>[] ring = new Task<?>[2];
          ring[0] = ring(begin, ring, 1);
          ring[1] = ring(begin, ring, 0);
          begin.complete(null);
          kept(ring[0], "itself");
          REQUEST.enterWith("r17");
          kept(SHOP.spawn("with local", () -> waitFor(NEVER)), "CompletableFuture");
          NodeExecutor node = NodeExecutor.builder().name("loop").build();
          kept(node.spawn("on node", () -> waitFor(NEVER)), "CompletableFuture");
          kept(SHOP.spawn("inner local", () -> locally()), "CompletableFuture");
          for (String argument : arguments) {
            if (argument.equals("spin")) {
              KEPT.add(SHOP.spawn("spin", () -> spin()));
              KEPT.add(SHOP.spawn("spin", () -> spin()));
              while (SPINNING.get() < 2) {
                Thread.yield();
              }
            } else if (argument.endsWith(".txt")) {
              StringBuilder live = new StringBuilder();
              dev.weft.dump.TaskDump.ofAll().writeText(live);
              java.nio.file.Files.writeString(java.nio.file.Path.of(argument), live);
            } else {
              ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                  .dumpHeap(argument, true);
            }
          }
          System.out.println("ready");
          System.in.read(); // ends with the test
          Runtime.getRuntime().halt(0);
        }
        static Task<Void> locally() throws Exception {
          await(REQUEST.run("r18", () -> waitFor(NEVER)));
          return Async.done();
        }
      }
      """;

  private final Process process;
  private final Path log;

  private TasksProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The program, compiled and woven. */
  public static SmallProject woven(Path root, Engine engine) throws IOException {
    SmallProject project = new SmallProject(root).compile("app/Main", SOURCE);
    WeaverOptions options = WeaverOptions.DEFAULT.withEngine(engine);
    new DirectoryWeaver(new Weaver(name -> null, FrameMode.CLASS_FILES, options))
        .weave(project.classes());
    return project;
  }

  /** Starts the project's {@code app.Main}, and waits until all its tasks wait. */
  public static TasksProgram start(
      Path root, SmallProject project, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(project.classes() + File.pathSeparator + SmallProject.runtimePath());
    command.add("app.Main");
    command.addAll(Arrays.asList(arguments));
    Path log = root.resolve("program.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    TasksProgram program = new TasksProgram(process, log);
    String line = new BufferedReader(process.inputReader(StandardCharsets.UTF_8)).readLine();
    if (!"ready".equals(line)) {
      program.close();
      throw new AssertionError("the program said " + line + ": " + Files.readString(log));
    }
    return program;
  }

  /** Its process. */
  public long pid() {
    return process.pid();
  }

  /** What it has logged, without what the JVM itself says of agents. */
  public List<String> log() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> !line.startsWith("WARNING: ") && !line.contains("VM warning: "))
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the program does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
