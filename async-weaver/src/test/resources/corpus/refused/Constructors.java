// Constructors, and what compilers put into them: initializers of instances and of fields.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;

class Constructors {
  final String field;
  static Source source;
  {
    await(source.of(1)); // error: [WEFT002] await in a constructor, which cannot be suspended: await in a static factory method that returns a future of the object
  }

  final String initialized =
      await(source.of("field")); // error: [WEFT002] await in a constructor, which cannot be suspended: await in a static factory method that returns a future of the object

  Constructors(Source s) {
    field = await(s.of("x")); // error: [WEFT002] await in a constructor, which cannot be suspended: await in a static factory method that returns a future of the object
  }

  record Compact(String name) {
    Compact {
      name = await(source.of(name)); // error: [WEFT002] await in a constructor, which cannot be suspended: await in a static factory method that returns a future of the object
    }
  }
}
