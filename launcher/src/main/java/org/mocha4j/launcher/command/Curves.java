package org.mocha4j.launcher.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A chart of curves over iterations: losses by the axis on the left, accuracies in per cent by the one on the right, or
 * either alone.
 */
final class Curves {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;
    /** From here on marks would hide the line. */
    private static final int DENSE = 60;

    /**
     * One line.
     *
     * @param accuracy whether the values are shares of 1
     * @param values   by iteration
     */
    record Curve(String name, boolean accuracy, SortedMap<Long, Double> values) {
        /** Without values that have no place on an axis. */
        Curve {
            SortedMap<Long, Double> finite = new TreeMap<>(values);
            finite.values().removeIf(v -> !Double.isFinite(v));
            values = finite;
        }
    }

    private Curves() { }

    /** @param format png or svg */
    static byte[] draw(List<Curve> curves, String format) throws IOException {
        System.setProperty("java.awt.headless", "true");         // before the first of its classes: there is no window
        XYChart chart = chart(curves);
        if (format.equals("png")) {
            return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        return out.toByteArray();
    }

    private static XYChart chart(List<Curve> curves) {
        boolean losses = curves.stream().anyMatch(c -> !c.accuracy());
        boolean accuracies = curves.stream().anyMatch(Curve::accuracy);
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).theme(ChartTheme.XChart)
            .xAxisTitle("Iteration").build();
        int right = losses ? 1 : 0;
        chart.setYAxisGroupTitle(0, losses ? "Loss" : "Accuracy (%)");
        if (losses && accuracies) {
            chart.setYAxisGroupTitle(1, "Accuracy (%)");
            chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
        }
        chart.getStyler().setXAxisDecimalPattern("#,###").setYAxisDecimalPattern("#,##0.####")
            .setLegendPosition(LegendPosition.OutsideS);
        for (Curve c : curves) {
            XYSeries s = chart.addSeries(c.name(),
                c.values().keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                c.values().values().stream().mapToDouble(v -> c.accuracy() ? 100 * v : v).toArray());
            s.setYAxisGroup(c.accuracy() ? right : 0);
            s.setLineWidth(1.5f);
            if (c.values().size() > DENSE) {
                s.setMarker(SeriesMarkers.NONE);
            }
        }
        return chart;
    }
}
