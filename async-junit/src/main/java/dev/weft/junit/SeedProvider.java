package dev.weft.junit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** An invocation of a test for each of its seeds. */
final class SeedProvider implements TestTemplateInvocationContextProvider {
  /** Configuration parameters, which JUnit also takes from system properties. */
  static final String ONLY = "weft.seed";

  private static final String COUNT = "weft.seeds";

  SeedProvider() {}

  /** Not beside {@code @ParameterizedTest} and its like, which have invocations of their own. */
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return Arrays.stream(context.getRequiredTestMethod().getAnnotations())
            .filter(
                annotation ->
                    AnnotationSupport.isAnnotated(annotation.annotationType(), TestTemplate.class))
            .count()
        == 1;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    AsyncTest test = TestInvocation.annotation(context);
    if (test.seeds() < 1) {
      throw new ExtensionConfigurationException("seeds must be 1 or more, not " + test.seeds());
    }
    if (test.on() != RunOn.DETERMINISTIC) {
      if (test.seeds() != 1) {
        throw new ExtensionConfigurationException(
            "seeds say the order of tasks with RunOn.DETERMINISTIC only: " + test);
      }
      return Stream.of(new Once(test.on()));
    }
    long first = firstSeed(context, test);
    long count = context.getConfigurationParameter(ONLY).isPresent() ? 1 : count(context, test);
    return LongStream.range(0, count).mapToObj(i -> new Seeded(first + i));
  }

  /** The seed of a test that has one run only. */
  static long firstSeed(ExtensionContext context, AsyncTest test) {
    return number(context, ONLY, test.seed());
  }

  private static long count(ExtensionContext context, AsyncTest test) {
    return test.seeds() == 1 ? 1 : Math.max(1, number(context, COUNT, test.seeds()));
  }

  private static long number(ExtensionContext context, String parameter, long otherwise) {
    String text = context.getConfigurationParameter(parameter).orElse("").strip();
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ExtensionConfigurationException(parameter + " is no number: " + text, e);
    }
  }

  private record Once(RunOn on) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocation) {
      return on.toString();
    }
  }

  private record Seeded(long seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocation) {
      return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of((BeforeEachCallback) context -> TestInvocation.setSeed(context, seed));
    }
  }
}
