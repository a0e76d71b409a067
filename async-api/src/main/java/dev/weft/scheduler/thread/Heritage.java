package dev.weft.scheduler.thread;

import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of an executor inherit, also those that are made when a task needs one: the
 * context class loader and the rights of who made the executor. By itself a thread inherits them
 * from who starts it, which would be whichever task comes first; and a thread that lives long would
 * keep the class loader of that application.
 */
public final class Heritage {
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

  @SuppressWarnings("removal") // from JDK 24 on, there is no context to inherit
  private final AccessControlContext rights = AccessController.getContext();

  /** The context class loader of who made the executor. */
  public @Nullable ClassLoader contextClassLoader() {
    return loader;
  }

  /** Has a thread made, which is not to be started within. */
  @SuppressWarnings("removal")
  public Thread make(Supplier<Thread> maker) {
    Thread thread = AccessController.doPrivileged((PrivilegedAction<Thread>) maker::get, rights);
    thread.setContextClassLoader(loader);
    return thread;
  }
}
