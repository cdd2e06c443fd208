package io.fanfold.bench.rig;

import io.fanfold.protocol.FanfoldException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A contestant in a process of its own that lives through all rounds, so that it is as warm as we are. It says {@code ready}, then
 * reads a line for each round and answers with a line: the seconds it took by its own clock, and the {@link Moment} of its result.
 * One thread.
 */
public final class Rival implements AutoCloseable {
    private static final String READY = "ready";

    private final String name;
    private final Path log;
    private final Child child;
    private final BufferedReader out;
    private final Writer in;

    /**
     * What came of a round.
     *
     * @param seconds for the work alone
     * @param moment of the result
     */
    public record Answer(double seconds, double moment) {}

    /** One round, for those that are written in Java. */
    public interface Round {
        /**
         * Does it.
         *
         * @param argument what the line says
         */
        Answer answer(String argument) throws Exception;
    }

    private Rival(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.child = new Child(process);
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a program; returns when it is ready.
     *
     * @param name what errors call it
     */
    static Rival start(Lab lab, String name, List<String> command) throws IOException {
        Path log = lab.directory().resolve("rival.log");
        Process process = Launch.of(command).redirectError(log.toFile()).start();
        Rival rival = lab.opened(new Rival(name, log, process));
        String said = rival.line();
        if (!said.equals(READY)) {
            throw new FanfoldException(name + " should have said \"" + READY + "\" and said \"" + said + "\"");
        }
        return rival;
    }

    /**
     * Starts another JVM with the options of this one and room for arrays; returns when it is ready.
     *
     * @param main calls {@link #serve}
     */
    public static Rival java(Lab lab, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(Child.command(List.of("-Xmx2g"), main));
        command.addAll(List.of(arguments));
        return start(lab, main.getSimpleName(), command);
    }

    /** For the rival: answers round by round until the process that started it ends. */
    public static void serve(Round round) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(READY);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Answer answer = round.answer(line);
            System.out.println(answer.seconds() + " " + answer.moment());
        }
    }

    /** One round without an argument. */
    public Answer round() throws IOException {
        return round("");
    }

    /**
     * One round.
     *
     * @throws FanfoldException if the rival has ended or answers something else, with the last that it said
     */
    public Answer round(String argument) throws IOException {
        in.write(argument + "\n");
        in.flush();
        String line = line();
        String[] words = line.split(" ", -1);
        try {
            return new Answer(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new FanfoldException(name + " should have answered with two numbers and said \"" + line + "\"", e);
        }
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new FanfoldException(
                    name + " has ended: " + Files.readString(log).lines().reduce("it said nothing", (_, last) -> last));
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        child.close();
    }
}
