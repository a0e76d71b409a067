package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who imports whom, from the class files: drawn, and without a circle but the one that {@code
 * dev.weft}'s own text argues.
 *
 * <p>A room is a package; {@code dev.weft} is two, the executors by whose door a program comes in,
 * and the base of which everything is made.
 */
class PackageGraphTest {
  private static final String BASE = "dev.weft (base)";
  private static final String FRONT = "dev.weft (front)";
  private static final String FRAME = "dev.weft.frame";
  private static final String SCHEDULER = "dev.weft.scheduler";

  /** The classes of {@code dev.weft} that put everything together. */
  private static final Set<String> FRONT_CLASSES =
      Set.of(
          "DelayingExecutorService",
          "DriverOption",
          "EngineExecutorService",
          "ExecutorAdapter",
          "JmxPublication",
          "NodeExecutor",
          "NodeExecutorBuilder",
          "QuitOption",
          "ScheduledTask",
          "SharedExecutor",
          "WorkStealingExecutor",
          "WorkStealingExecutorBuilder");

  /** The scheduler's rooms from the top; each may import those that come after it. */
  private static final List<String> FLOORS =
      List.of(
          SCHEDULER,
          SCHEDULER + ".watch",
          SCHEDULER + ".io",
          SCHEDULER + ".blocking",
          SCHEDULER + ".task",
          SCHEDULER + ".time",
          SCHEDULER + ".queue",
          SCHEDULER + ".thread",
          SCHEDULER + ".metrics");

  /** As many imports between classes may run from a lower floor to a higher one. */
  private static final int MAX_UPWARDS = 3;

  /** An import that needs an argument: in the text of {@code dev.weft}, or a mend. */
  private record Argued(String from, String to) {}

  /** What counts for no circle. */
  private static final Set<Argued> ARGUED =
      // currentOrShared() of a thread without one
      Set.of(new Argued("AsyncExecutor", "WorkStealingExecutor"));

  /** For each two rooms, the imports from the one to the other. */
  private static final Map<String, Map<String, Set<String>>> GRAPH = new TreeMap<>();

  /** Those of {@link #ARGUED} that there are. */
  private static final Set<Argued> ARGUED_FOUND =
      new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));

  private static final Set<String> FRONT_FOUND = new TreeSet<>();

  @BeforeAll
  static void draw() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft");
    for (JavaClass from : classes) {
      if (room(from).equals(FRONT)) {
        FRONT_FOUND.add(outermost(from));
      }
      GRAPH.computeIfAbsent(room(from), room -> new TreeMap<>());
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (classes.contain(to.getName())) {
          add(from, to);
        }
      }
    }
    System.out.print(drawing());
  }

  private static void add(JavaClass from, JavaClass to) {
    Argued arrow = new Argued(outermost(from), outermost(to));
    if (room(from).equals(room(to))) {
      return;
    }
    if (ARGUED.contains(arrow)) {
      ARGUED_FOUND.add(arrow);
      return;
    }
    GRAPH
        .computeIfAbsent(room(from), room -> new TreeMap<>())
        .computeIfAbsent(room(to), room -> new TreeSet<>())
        .add(arrow.from() + " -> " + arrow.to());
  }

  private static String outermost(JavaClass type) {
    String name = type.getName().substring(type.getPackageName().length() + 1);
    int inner = name.indexOf('$');
    return inner < 0 ? name : name.substring(0, inner);
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    if (!name.equals("dev.weft")) {
      return name;
    }
    return FRONT_CLASSES.contains(outermost(type)) ? FRONT : BASE;
  }

  private static String drawing() {
    StringBuilder text = new StringBuilder("Imports between packages, in classes:\n");
    GRAPH.forEach(
        (room, targets) -> {
          text.append(room).append('\n');
          targets.forEach(
              (target, imports) ->
                  text.append(String.format("  %4d -> %s%n", imports.size(), target)));
        });
    ARGUED_FOUND.forEach(arrow -> text.append("argued: ").append(arrow).append('\n'));
    return text.toString();
  }

  /** The rooms that can be reached from one, by one arrow or more. */
  private static Set<String> reachable(String start) {
    Set<String> seen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(targets(start));
    while (!open.isEmpty()) {
      String room = open.pop();
      if (seen.add(room)) {
        open.addAll(targets(room));
      }
    }
    return seen;
  }

  private static Set<String> targets(String room) {
    return GRAPH.getOrDefault(room, Map.of()).keySet();
  }

  @Test
  void theOnlyCircleIsThatOfTasksAndFrames() {
    Map<String, Set<String>> circles = new TreeMap<>();
    for (String room : GRAPH.keySet()) {
      if (reachable(room).contains(room)) {
        Set<String> circle = new TreeSet<>(reachable(room));
        circle.removeIf(other -> !reachable(other).contains(room));
        circles.put(room, circle);
      }
    }
    Set<String> argued = Set.of(BASE, FRAME);
    assertThat(circles)
        .as("rooms that import each other, by way of others perhaps\n%s", drawing())
        .containsExactlyInAnyOrderEntriesOf(Map.of(BASE, argued, FRAME, argued));
  }

  @Test
  void whatIsArguedIsThere() {
    assertThat(ARGUED_FOUND).containsExactlyInAnyOrderElementsOf(ARGUED);
    assertThat(FRONT_FOUND).containsExactlyInAnyOrderElementsOf(FRONT_CLASSES);
  }

  @Test
  void everyRoomOfTheSchedulerHasAFloor() {
    assertThat(GRAPH.keySet().stream().filter(room -> room.startsWith(SCHEDULER)))
        .containsExactlyInAnyOrderElementsOf(FLOORS);
  }

  @Test
  void hardlyAnImportRunsUpTheFloors() {
    Set<String> upwards = new TreeSet<>();
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      Map<String, Set<String>> from = GRAPH.getOrDefault(FLOORS.get(floor), Map.of());
      for (String above : FLOORS.subList(0, floor)) {
        upwards.addAll(from.getOrDefault(above, Set.of()));
      }
    }
    assertThat(upwards).hasSizeLessThanOrEqualTo(MAX_UPWARDS);
  }

  @Test
  void onlyTheFrontKnowsTheExecutorsMachinery() {
    for (String room : List.of(BASE, FRAME, "dev.weft.log", "dev.weft.metrics", "dev.weft.time")) {
      assertThat(targets(room))
          .as(room)
          .noneMatch(target -> target.startsWith(SCHEDULER) || target.startsWith("dev.weft.n"));
    }
  }
}
