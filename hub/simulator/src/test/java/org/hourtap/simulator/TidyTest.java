package org.hourtap.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Checks properties of the source itself, which the compiler cannot.
class TidyTest {
    private static final int METHOD_LINES_MAX = 60;
    private static final int FILE_LINES_MAX = 400;
    private static final Path ROOT = Path.of(System.getProperty("repository.root"));

    /// What not to write, and what to write instead. Split so that this file does not find itself.
    private static final Map<String, String> BANNED =
            Map.of(
                    "TO" + "DO", "an issue",
                    "FIX" + "ME", "a fix",
                    "@Dis" + "abled", "a test that runs, or none",
                    "Thread.sl" + "eep", "waiting for what is waited for, with a deadline",
                    "print" + "StackTrace", "a logger",
                    "System.out" + ".print", "the command line's writer, or a logger",
                    "black" + "list", "deny list",
                    "service" + " user", "member or volunteer");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void noFileIsTooLong() throws Exception {
        for (Path file : files(".java")) {
            assertThat(Files.readAllLines(file).size())
                    .as("%s", file)
                    .isLessThanOrEqualTo(FILE_LINES_MAX);
        }
    }

    @Test
    void noMethodIsTooLong() throws Exception {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        List<String> tooLong = new ArrayList<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            javac.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(files(".java")));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLength(unit, positions, tooLong).scan(unit, null);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void nothingBannedIsWritten() throws Exception {
        for (Path file : files(".java")) {
            String text = Files.readString(file);
            BANNED.forEach((word, instead) ->
                    assertThat(text).as("%s: write %s", file, instead).doesNotContain(word));
        }
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws Exception {
        for (Path folder : packageFolders()) {
            Path info = folder.resolve("package-info.java");
            assertThat(info).exists();
            assertThat(Files.readString(info))
                    .as("%s", info)
                    .startsWith("/// ")
                    .contains("@NullMarked");
        }
    }

    @Test
    void everyLinkInTheDocumentsLeadsSomewhere() throws Exception {
        for (Path file : files(".md")) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                assertThat(file.resolveSibling(link.group(1)).normalize())
                        .as("link in %s", file)
                        .exists();
            }
        }
    }

    private static List<Path> packageFolders() throws IOException {
        try (Stream<Path> paths = files(".java").stream()) {
            return paths.filter(path -> path.toString().contains("/src/main/"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(path -> path.toString().endsWith(ending))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList();
        }
    }

    private static final class MethodLength extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> tooLong;

        MethodLength(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
            this.unit = unit;
            this.positions = positions;
            this.tooLong = tooLong;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            LineMap lines = unit.getLineMap();
            long count =
                    lines.getLineNumber(positions.getEndPosition(unit, method))
                            - lines.getLineNumber(positions.getStartPosition(unit, method))
                            + 1;
            if (count > METHOD_LINES_MAX) {
                tooLong.add(unit.getSourceFile().getName() + ": " + method.getName());
            }
            return super.visitMethod(method, null);
        }
    }
}
