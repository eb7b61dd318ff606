package org.hourtap.device.screen;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How people see colours: WCAG contrast, and lightness as it remains for each kind of colour
/// blindness (Machado, Oliveira and Fernandes 2009, severity 1).
final class Colours {
    private static final Pattern RGB =
            Pattern.compile("rgba?\\((\\d+), (\\d+), (\\d+)(?:, ([0-9.]+))?\\)");

    private static final double[][] NONE = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final double[][] PROTANOPIA = {
        {0.152286, 1.052583, -0.204868},
        {0.114503, 0.786281, 0.099216},
        {-0.003882, -0.048116, 1.051998}
    };
    private static final double[][] DEUTERANOPIA = {
        {0.367322, 0.860646, -0.227968},
        {0.280085, 0.672501, 0.047413},
        {-0.011820, 0.042940, 0.968881}
    };
    private static final double[][] TRITANOPIA = {
        {1.255528, -0.076749, -0.178779},
        {-0.078411, 0.930809, 0.147602},
        {0.004733, 0.691367, 0.303900}
    };

    private Colours() {}

    /// @param first as a browser computes it: `rgb(0, 80, 74)`
    static double contrast(String first, String second) {
        double a = luminance(linear(first));
        double b = luminance(linear(second));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /// @return the least difference in CIE lightness (0 to 100) over all kinds of sight
    static double lightnessGap(String first, String second) {
        return List.of(NONE, PROTANOPIA, DEUTERANOPIA, TRITANOPIA).stream()
                .mapToDouble(sight ->
                        Math.abs(
                                lightness(luminance(seen(sight, linear(first))))
                                        - lightness(luminance(seen(sight, linear(second))))))
                .min()
                .orElseThrow();
    }

    private static double[] linear(String colour) {
        Matcher matcher = RGB.matcher(colour);
        if (!matcher.matches() || (matcher.group(4) != null && !matcher.group(4).equals("1"))) {
            throw new IllegalArgumentException("not an opaque colour: " + colour);
        }
        double[] linear = new double[3];
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(matcher.group(i + 1)) / 255.0;
            linear[i] = c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
        }
        return linear;
    }

    private static double[] seen(double[][] sight, double[] linear) {
        double[] seen = new double[3];
        for (int row = 0; row < 3; row++) {
            double sum = 0;
            for (int column = 0; column < 3; column++) {
                sum += sight[row][column] * linear[column];
            }
            seen[row] = Math.clamp(sum, 0, 1);
        }
        return seen;
    }

    private static double luminance(double[] linear) {
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static double lightness(double luminance) {
        return luminance <= 216.0 / 24389
                ? luminance * 24389 / 27
                : 116 * Math.cbrt(luminance) - 16;
    }
}
