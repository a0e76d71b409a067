package dev.weft.weaver.tasks.attach;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The other way, for a JVM that lets no agent be loaded: its own management, if the program has
 * Weft's beans there.
 */
final class JmxDump {
  private static final String BEAN = "dev.weft:type=Tasks";

  private final long pid;
  private final VirtualMachine jvm;

  JmxDump(long pid, VirtualMachine jvm) {
    this.pid = pid;
    this.jvm = jvm;
  }

  /**
   * Has a bean write the tasks. The address is that of a connector which the other JVM has just
   * opened on this machine, for its own user.
   *
   * @param refused why no agent could be loaded
   */
  @SuppressWarnings("BanJNDI")
  void write(DumpRequest request, Exception refused) throws IOException {
    if (request.locals()) {
      throw new IOException(
          noAgent(refused) + ", and without one --locals is not possible", refused);
    }
    JMXServiceURL url = new JMXServiceURL(jvm.startLocalManagementAgent());
    try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
      MBeanServerConnection beans = connector.getMBeanServerConnection();
      beans.invoke(
          new ObjectName(BEAN),
          "dumpToFile",
          new Object[] {request.file().toString(), request.format().word()},
          new String[] {String.class.getName(), String.class.getName()});
    } catch (InstanceNotFoundException e) {
      throw new IOException(
          noAgent(refused)
              + ", and it has no bean "
              + BEAN
              + ": build one of its executors with jmx(true), or start it with"
              + " -XX:+EnableDynamicAgentLoading",
          e);
    } catch (MBeanException | RuntimeMBeanException e) {
      throw new IOException("process " + pid + ": " + e.getCause(), e);
    } catch (JMException e) {
      throw new IOException(noAgent(refused) + ", and by JMX it failed: " + e, e);
    }
  }

  private String noAgent(Exception refused) {
    return "process " + pid + " lets no agent be loaded (" + refused.getMessage() + ")";
  }
}
