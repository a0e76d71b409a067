package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * IntelliJ's settings in {@code docs/ide} name methods that are there. IntelliJ finds them by class
 * and name alone, so there has to be one of each name, and its keys by the place of a parameter.
 */
class CapturePointsTest {
  private static final Path FILE = Path.of("..", "docs", "ide", "weft-async-stack-traces.xml");

  /** What IntelliJ's {@code CapturePoint} reads. */
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "enabled",
          "class-name",
          "method-name",
          "capture-key-expression",
          "insert-class-name",
          "insert-method-name",
          "insert-key-expression");

  private static final List<Element> POINTS = new ArrayList<>();

  @BeforeAll
  static void read() throws Exception {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(FILE.toFile())
            .getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("capture-points");
    NodeList points = root.getElementsByTagName("capture-point");
    for (int i = 0; i < points.getLength(); i++) {
      POINTS.add((Element) points.item(i));
    }
  }

  @Test
  void eachIsComplete() {
    assertThat(POINTS).hasSize(3);
    for (Element point : POINTS) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < point.getAttributes().getLength(); i++) {
        names.add(point.getAttributes().item(i).getNodeName());
      }
      assertThat(names).containsExactlyInAnyOrderElementsOf(ATTRIBUTES);
      assertThat(point.getAttribute("enabled")).isEqualTo("true");
    }
  }

  @Test
  void theirKeysAreFrames() throws Exception {
    for (Element point : POINTS) {
      assertThat(key(point, "", "capture-")).isAssignableTo(Frame.class);
      assertThat(key(point, "insert-", "insert-")).isEqualTo(Frame.class);
    }
  }

  private static Class<?> key(Element point, String place, String key) throws Exception {
    Class<?> type = Class.forName(point.getAttribute(place + "class-name"));
    String name = point.getAttribute(place + "method-name");
    List<Method> methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> method.getName().equals(name))
            .toList();
    assertThat(methods).as("%s.%s", type, name).hasSize(1);
    String expression = point.getAttribute(key + "key-expression");
    assertThat(expression).matches("param_\\d");
    int parameter = Integer.parseInt(expression.substring("param_".length()));
    return methods.get(0).getParameterTypes()[parameter];
  }

  /** Where the body of a task, and of a call that goes on, is shown behind what is captured. */
  @Test
  void theInsertPointIsBelowWhatRuns() throws Exception {
    Set<String> inserted =
        POINTS.stream()
            .map(
                point ->
                    point.getAttribute("insert-class-name")
                        + "."
                        + point.getAttribute("insert-method-name"))
            .collect(Collectors.toSet());
    List<List<String>> stacks = new ArrayList<>();
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      Task<Void> task =
          executor.spawn(
              () -> {
                stacks.add(stack());
                HandWritten<Void> frame =
                    new HandWritten<>(
                        executor,
                        (self, state, awaited) -> {
                          stacks.add(stack());
                          return state == 0 ? self.await(Async.yieldNow(), 1) : Async.done();
                        });
                frame.run();
                return frame;
              });
      task.get(60, TimeUnit.SECONDS);
    }
    assertThat(stacks).hasSize(3).allSatisfy(stack -> assertThat(stack).containsAll(inserted));
  }

  private static List<String> stack() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.map(frame -> frame.getClassName() + "." + frame.getMethodName()).toList());
  }
}
