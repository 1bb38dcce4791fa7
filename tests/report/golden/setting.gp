# Write amplification by size ratio
# Run it in this folder to draw setting.svg and .pdf again:
#     gnuplot setting.gp
# The points are in the .csv beside it; `curve` counts the lines of all panels.

name = 'setting'
data = name . '.csv'
x_unit = 1
y_unit = 1  # bytes per user byte
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
x(n) = column('curve') == n ? column('x') / x_unit : NaN
y(c) = column(c) / y_unit

set style line 1 lc rgb '#0072B2' lw 2 dt solid pt 7 ps 0.6  # leveling
set style line 2 lc rgb '#D55E00' lw 2 dt (12,4) pt 5 ps 0.6  # tiering
set style line 3 lc rgb '#009E73' lw 2 dt (6,3) pt 9 ps 0.6  # lazy_leveling
set style line 200 lc rgb '#9a9a9a' lw 1 dt solid  # axes
set style line 201 lc rgb '#e4e4e4' lw 1 dt solid  # grid

set border 3 ls 200
set tics nomirror out scale 0.5 textcolor rgb '#404040'
set grid xtics ytics back ls 201
set xrange [1.6400000000000001:8.36]
set yrange [0:8]
set xtics ('2' 2, '4' 4, '8' 8)
unset key

do for [format in 'svg pdf'] {
    if (format eq 'svg') {
        set terminal svg noenhanced size 640,358 font 'Helvetica,12' background '#ffffff'
    } else {
        set terminal pdfcairo noenhanced size 6.6646in,3.7292in font 'Helvetica,9'
    }
    set output name . '.' . format
    set multiplot layout 1,1 \
        margins screen 0.1032,0.8221,0.1397,0.8939 \
        spacing screen 0.0375,0.1676
    set label 1 'Write amplification by size ratio' at screen 0.0188,0.9497 left font ',14'
    set label 2 'Size ratio' at screen 0.4626,0.0391 center
    set label 3 'Write amplification (bytes per user byte)' at screen 0.025,0.5168 center rotate by 90

    set label 10 'leveling' at graph 1.03,0.644 left offset 0.7,-0.25 point ls 1 textcolor rgb '#0072B2'
    set label 11 'lazy_leveling' at graph 1.03,0.588 left offset 0.7,-0.25 point ls 3 textcolor rgb '#007A59'
    set label 12 'tiering' at graph 1.03,0.251 left offset 0.7,-0.25 point ls 2 textcolor rgb '#B84F00'
    plot data using (x(1)):(y('low')):(y('high')) with filledcurves ls 1 fillstyle transparent solid 0.15 noborder notitle, \
         data using (x(1)):(y('y')) with linespoints ls 1 notitle, \
         data using (x(2)):(y('low')):(y('high')) with filledcurves ls 2 fillstyle transparent solid 0.15 noborder notitle, \
         data using (x(2)):(y('y')) with linespoints ls 2 notitle, \
         data using (x(3)):(y('low')):(y('high')) with filledcurves ls 3 fillstyle transparent solid 0.15 noborder notitle, \
         data using (x(3)):(y('y')) with linespoints ls 3 notitle
    unset label 10
    unset label 11
    unset label 12
    unset multiplot
    unset output
}
