package dev.weft.junit;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.engine.discovery.NestedMethodSelector;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;
import org.junit.platform.engine.support.discovery.SelectorResolver;

/**
 * A test engine for each {@link AsyncTest} that Jupiter's engine passes over, with no more than a
 * warning: above all those that were not woven, which return something. Here they are tests that
 * fail, and say what to do. With classes that are woven and right it finds nothing.
 *
 * <pre>{@code
 * @AsyncTest // fails: "greets returns java.lang.String. A test returns .."
 * String greets() {
 *   return "hello";
 * }
 * }</pre>
 *
 * <p>JUnit makes it by {@link java.util.ServiceLoader}; programs do not.
 */
public final class UnwovenTests implements TestEngine {
  private static final String ID = "weft-unwoven";
  private static final String SEGMENT = "test";

  private static final EngineDiscoveryRequestResolver<EngineDescriptor> RESOLVER =
      EngineDiscoveryRequestResolver.<EngineDescriptor>builder()
          .addClassContainerSelectorResolver(type -> unrunnable(type).findAny().isPresent())
          .addSelectorResolver(new Resolver())
          .build();

  /** For JUnit. */
  public UnwovenTests() {}

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
    EngineDescriptor engine = new EngineDescriptor(uniqueId, "Weft: tests that were not woven");
    RESOLVER.resolve(request, engine);
    return engine;
  }

  @Override
  public void execute(ExecutionRequest request) {
    TestDescriptor engine = request.getRootTestDescriptor();
    request.getEngineExecutionListener().executionStarted(engine);
    for (TestDescriptor child : engine.getChildren()) {
      request.getEngineExecutionListener().executionStarted(child);
      request
          .getEngineExecutionListener()
          .executionFinished(
              child,
              TestExecutionResult.failed(new IllegalStateException(((Unrunnable) child).why)));
    }
    request
        .getEngineExecutionListener()
        .executionFinished(engine, TestExecutionResult.successful());
  }

  private static Stream<Method> unrunnable(Class<?> type) {
    return ReflectionSupport.findMethods(
        type, method -> whyUnrunnable(method) != null, HierarchyTraversalMode.TOP_DOWN)
        .stream();
  }

  /** Why Jupiter does not run a method; null if it does, or if that is no business of Weft's. */
  private static @Nullable String whyUnrunnable(Method method) {
    if (!method.isAnnotationPresent(AsyncTest.class) || method.isSynthetic()) {
      return null;
    }
    String name = "@AsyncTest " + method.getDeclaringClass().getName() + "." + method.getName();
    if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
      return name + " is private or static, and JUnit runs no such test. Make it neither";
    }
    if (method.getReturnType() == void.class || Modifier.isAbstract(method.getModifiers())) {
      return null;
    }
    if (!CompletionStage.class.isAssignableFrom(method.getReturnType())) {
      return name
          + " returns "
          + method.getReturnType().getName()
          + ". A test returns a CompletionStage, a CompletableFuture or a Task, or nothing";
    }
    return name
        + " was not woven, so JUnit cannot run it. Weave test classes: with async-weaver's goal"
        + " weave-tests (Maven), with the plugin dev.weft.weaver (Gradle), or run with"
        + " -javaagent:async-weaver-agent.jar. If one of them did see the class, its log says why it"
        + " left it as it is";
  }

  private static final class Unrunnable extends AbstractTestDescriptor {
    final String why;

    Unrunnable(UniqueId id, Method method, String why) {
      super(id, method.getName() + "()", MethodSource.from(method));
      this.why = why;
    }

    @Override
    public Type getType() {
      return Type.TEST;
    }
  }

  private static final class Resolver implements SelectorResolver {
    @Override
    public Resolution resolve(ClassSelector selector, Context context) {
      return all(selector.getJavaClass(), context);
    }

    @Override
    public Resolution resolve(NestedClassSelector selector, Context context) {
      return all(selector.getNestedClass(), context);
    }

    @Override
    public Resolution resolve(MethodSelector selector, Context context) {
      return one(selector.getJavaMethod(), context);
    }

    @Override
    public Resolution resolve(NestedMethodSelector selector, Context context) {
      return one(selector.getMethod(), context);
    }

    @Override
    public Resolution resolve(UniqueIdSelector selector, Context context) {
      UniqueId.Segment last = selector.getUniqueId().getLastSegment();
      return last.getType().equals(SEGMENT)
              && selector.getUniqueId().getEngineId().equals(Optional.of(ID))
          ? Resolution.selectors(Set.of(DiscoverySelectors.selectMethod(last.getValue())))
          : Resolution.unresolved();
    }

    private static Resolution one(Method method, Context context) {
      return add(method, context)
          .map(found -> Resolution.match(Match.exact(found)))
          .orElse(Resolution.unresolved());
    }

    private static Resolution all(Class<?> type, Context context) {
      Set<Match> found = new LinkedHashSet<>();
      addAll(type, context, found);
      return found.isEmpty() ? Resolution.unresolved() : Resolution.matches(found);
    }

    /** With its nested classes, of which tools say nothing when they select one. */
    private static void addAll(Class<?> type, Context context, Set<Match> found) {
      unrunnable(type)
          .forEach(method -> add(method, context).map(Match::exact).ifPresent(found::add));
      for (Class<?> member : type.getDeclaredClasses()) {
        if (!Modifier.isStatic(member.getModifiers())) {
          addAll(member, context, found);
        }
      }
    }

    private static Optional<Unrunnable> add(Method method, Context context) {
      String why = whyUnrunnable(method);
      return why == null
          ? Optional.empty()
          : context.addToParent(
              parent ->
                  Optional.of(
                      new Unrunnable(
                          parent.getUniqueId().append(SEGMENT, idOf(method)), method, why)));
    }

    private static String idOf(Method method) {
      return Arrays.stream(method.getParameterTypes())
          .map(Class::getName)
          .collect(
              Collectors.joining(
                  ",", method.getDeclaringClass().getName() + "#" + method.getName() + "(", ")"));
    }
  }
}
