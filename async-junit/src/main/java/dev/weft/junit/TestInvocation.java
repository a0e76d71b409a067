package dev.weft.junit;

import dev.weft.AsyncExecutor;
import dev.weft.VirtualClock;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * What JUnit calls around one invocation of a test: it makes the {@link TestRun} when something
 * first needs it, and closes it after the last {@code @AfterEach}.
 */
final class TestInvocation implements ParameterResolver, InvocationInterceptor, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(TestInvocation.class);

  TestInvocation() {}

  static AsyncTest annotation(ExtensionContext context) {
    return context.getRequiredTestMethod().getAnnotation(AsyncTest.class);
  }

  /** Says the seed of the invocation, before anything needs the run. */
  static void setSeed(ExtensionContext context, long seed) {
    store(context).put(Long.class, seed);
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  private static TestRun run(ExtensionContext context) {
    ExtensionContext.Store store = store(context);
    TestRun run = store.get(TestRun.class, TestRun.class);
    if (run == null) {
      AsyncTest test = annotation(context);
      Long seed = store.get(Long.class, Long.class);
      run = new TestRun(test, seed != null ? seed : SeedProvider.firstSeed(context, test));
      store.put(TestRun.class, run);
    }
    return run;
  }

  // ---- parameters

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return context.getTestMethod().isPresent()
        && (type == VirtualClock.class || AsyncExecutor.class.isAssignableFrom(type));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    TestRun run = run(context);
    Object value = type == VirtualClock.class ? run.clock() : run.executor();
    if (!type.isInstance(value)) {
      throw new ParameterResolutionException(
          "a test on RunOn.%s has no %s".formatted(annotation(context).on(), type.getSimpleName()));
    }
    return value;
  }

  // ---- the test

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(context).run(context.getRequiredTestMethod().getName(), invocation::proceed);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestRun run = store(context).remove(TestRun.class, TestRun.class);
    if (run != null) {
      run.close(context.getExecutionException().isPresent());
    }
  }
}
