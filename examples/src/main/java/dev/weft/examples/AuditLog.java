package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.spawnBlocking;

import dev.weft.sync.AsyncSemaphore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Who has done what, in a database. JDBC blocks, so each statement runs on a thread for that; a
 * semaphore lets no more of them at the database than it has connections, and who waits for one
 * holds no thread.
 */
@SuppressWarnings("try") // what is held is not named within its block
final class AuditLog {
  private final DataSource database;
  private final AsyncSemaphore connections;

  AuditLog(DataSource database, int connections) throws SQLException {
    this.database = database;
    this.connections = new AsyncSemaphore(connections);
    try (Connection connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists audit(who varchar, what varchar)");
    }
  }

  /** Notes what somebody has done. Who is cancelled before has noted nothing, or all of it. */
  CompletableFuture<@Nullable Void> note(String who, String what) {
    try (var held = await(connections.acquire())) {
      await(spawnBlocking(() -> insert(who, what)));
    }
    return done();
  }

  /** How much somebody has done. */
  CompletableFuture<Integer> count(String who) {
    try (var held = await(connections.acquire())) {
      return done(await(spawnBlocking(() -> select(who))));
    }
  }

  private int insert(String who, String what) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement("insert into audit values(?, ?)")) {
      insert.setString(1, who);
      insert.setString(2, what);
      return insert.executeUpdate();
    }
  }

  private int select(String who) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select count(*) from audit where who = ?")) {
      select.setString(1, who);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
