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

/** A JVM agent that allocates the whole heap of a running process. */
public final class MemoryHog {

    private MemoryHog() {}

    /** Called by the JVM that loads the agent. */
    public static void agentmain(String arguments) {
        var heap = new ArrayList<byte[]>();
        while (true) {
            heap.add(new byte[64 * 1024]);
        }
    }

    /** Fills the heap of a process, and returns when it is full or the process has ended. */
    static void loadInto(long process) throws IOException {
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
            // expected: the agent fails, or its process ends
        } finally {
            machine.detach();
        }
    }

    private static Path jar() throws IOException {
        var file = Path.of("target", "memory-hog.jar").toAbsolutePath();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Agent-Class", MemoryHog.class.getName());
        var entry = MemoryHog.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var code = MemoryHog.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
        }
        return file;
    }
}
