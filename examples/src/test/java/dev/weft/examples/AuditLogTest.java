package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.scope.TaskScope;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static CompletableFuture<@Nullable Void> noteMany(AuditLog log, int each) {
    try (var scope = TaskScope.failFast()) {
      for (int i = 0; i < each; i++) {
        int number = i;
        scope.fork(() -> log.note("anna", "does " + number));
        scope.fork(() -> log.note("bert", "does " + number));
      }
      await(scope.join());
    }
    return done();
  }

  @Test
  void everythingThatWasNotedIsThere() throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:audit;DB_CLOSE_DELAY=-1");
    AuditLog log = new AuditLog(database, 3);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      executor.blockOn(() -> noteMany(log, 100));
      assertThat(executor.blockOn(() -> log.count("anna"))).isEqualTo(100);
      assertThat(executor.blockOn(() -> log.count("bert"))).isEqualTo(100);
    }
  }
}
