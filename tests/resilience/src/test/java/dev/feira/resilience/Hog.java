package dev.feira.resilience;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An agent that takes all of a process's heap; it is loaded into one that runs, and needs nothing but the JDK there. */
public final class Hog {

    private Hog() {}

    /** Called by the JVM that is to run out of memory. */
    public static void agentmain(String arguments) {
        var heap = new ArrayList<byte[]>();
        while (true) {
            heap.add(new byte[64 * 1024]);
        }
    }

    /** Takes the heap of a process; returns when it is taken, whatever the process makes of it. */
    static void into(long process) throws IOException {
        var agent = jar().toString();
        VirtualMachine machine;
        try {
            machine = VirtualMachine.attach(String.valueOf(process));
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
        try {
            machine.loadAgent(agent);
        } catch (AgentLoadException | AgentInitializationException | IOException e) {
            // It failed, or its process ended while it was loaded: that is what it is for
        } finally {
            machine.detach();
        }
    }

    private static Path jar() throws IOException {
        var file = Path.of("target", "hog.jar").toAbsolutePath();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Agent-Class", Hog.class.getName());
        var entry = Hog.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var code = Hog.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
        }
        return file;
    }
}
