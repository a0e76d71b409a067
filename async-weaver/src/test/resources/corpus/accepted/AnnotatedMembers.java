// Annotations on async methods and their parameters stay where they are, once.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class AnnotatedMembers {
  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
  @interface Mark {
    String value();
  }

  @Mark("method")
  @Deprecated
  static CompletableFuture<String> marked(@Mark("s") Source s, @Mark("n") int n) {
    @SuppressWarnings("unused")
    String unused = "u";
    return s.of("marked" + await(s.of(n)));
  }

  static CompletableFuture<String> run(Source s) throws Exception {
    String r = await(marked(s, 3));
    int marks = 0;
    for (java.lang.reflect.Method m : AnnotatedMembers.class.getDeclaredMethods()) {
      for (java.lang.reflect.Parameter p : m.getParameters()) {
        marks += p.getAnnotations().length;
      }
      marks += 10 * m.getAnnotations().length;
      if (!m.isSynthetic()) {
        r += m.getParameterCount();
      }
    }
    await(s.of(1));
    return s.of(r + " " + marks);
  }
}
