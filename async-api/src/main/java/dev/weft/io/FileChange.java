package dev.weft.io;

import java.nio.file.Path;

/**
 * What has happened in a directory that is watched: an element of {@link AsyncFiles#watch}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> follow(Path directory) {
 *   try (AsyncStream<FileChange> changes = await(AsyncFiles.watch(directory))) {
 *     for (FileChange change; (change = await(changes.next())) != null; ) {
 *       switch (change.kind()) {
 *         case CREATED, MODIFIED -> System.out.println("to read: " + change.path());
 *         case DELETED -> System.out.println("to forget: " + change.path());
 *         case OVERFLOW -> System.out.println("to list again: " + change.path());
 *       }
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * @param kind what it was
 * @param path the directory's path, as it was given, with the name; of an overflow, the directory's
 */
public record FileChange(Kind kind, Path path) {
  /**
   * What may happen.
   *
   * <pre>{@code
   * static AsyncStream<FileChange> created(AsyncStream<FileChange> changes) {
   *   return changes.filter(change -> change.kind() == FileChange.Kind.CREATED);
   * }
   * }</pre>
   */
  public enum Kind {
    /** There is something new: made here, or moved here. */
    CREATED,
    /** Its contents or its attributes are others. */
    MODIFIED,
    /** It is there no more: deleted, or moved away. */
    DELETED,
    /** Changes were lost: what the directory holds now has to be looked up. */
    OVERFLOW
  }
}
