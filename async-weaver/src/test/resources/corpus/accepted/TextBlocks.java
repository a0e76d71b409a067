// Text blocks and long constants.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class TextBlocks {
  static final String CONSTANT = "constant";
  static final long BIG = 1L << 40;

  static CompletableFuture<String> run(Source s) {
    String block =
        """
        first %s
          second "quoted" \
        joined
        """
            .formatted(await(s.of("formatted")));
    return s.of(block.replace('\n', '|') + CONSTANT + await(s.of(BIG)) + 'c' + 1.5f + await(s.of(1e300)) + BIG);
  }
}
