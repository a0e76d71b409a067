package dev.weft;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.ProtectionDomain;
import java.util.function.Predicate;

/** A class loader that loads some classes itself that its parent has too, as a server's do. */
final class OwnClasses extends ClassLoader {
  private final Predicate<String> own;

  private OwnClasses(String name, ClassLoader parent, Predicate<String> own) {
    super(name, parent);
    this.own = own;
  }

  /** With Weft and its tests, so that there is a shared executor of its own. */
  static OwnClasses withWeft(String name) {
    return new OwnClasses(
        name, OwnClasses.class.getClassLoader(), type -> type.startsWith("dev.weft."));
  }

  /** With one class, and those within it. */
  static OwnClasses with(Class<?> type, ClassLoader parent) {
    return new OwnClasses("application", parent, name -> name.startsWith(type.getName()));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return own.test(name) ? findClass(name) : super.loadClass(name, resolve);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = file.readAllBytes();
      // With a protection domain, as those of jars: that is what access control contexts hold.
      return defineClass(
          name, bytes, 0, bytes.length, new ProtectionDomain(null, null, this, null));
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Runs the {@code Runnable} of that name on a thread with this context class loader. */
  void run(Class<?> type) throws Exception {
    Runnable run =
        (Runnable) loadClass(type.getName(), true).getDeclaredConstructor().newInstance();
    Throwable[] error = new Throwable[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                run.run();
              } catch (Throwable thrown) {
                error[0] = thrown;
              }
            },
            "thread of " + getName());
    thread.setContextClassLoader(this);
    thread.start();
    thread.join();
    if (error[0] instanceof Exception failure) {
      throw failure;
    }
    if (error[0] instanceof Error failure) {
      throw failure;
    }
  }

  /** What shows that a loader is garbage. */
  static final class Gone {
    private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
    private final WeakReference<ClassLoader> reference;

    Gone(ClassLoader loader) {
      reference = new WeakReference<>(loader, queue);
    }

    /** Collects garbage until it is, or has not become so within a minute. */
    boolean comes() throws InterruptedException {
      for (int i = 0; i < 600; i++) {
        System.gc();
        if (queue.remove(100) == reference) {
          return true;
        }
      }
      return false;
    }
  }
}
