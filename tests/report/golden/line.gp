# Write amplification by user data written
# Run it in this folder to draw line.svg and .pdf again:
#     gnuplot line.gp
# The points are in the .csv beside it; `curve` counts the lines of all panels.

name = 'line'
data = name . '.csv'
x_unit = 1048576  # MiB
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
set xrange [0:44.25048828125]
set yrange [0:8]
set xtics 20
unset key

do for [format in 'svg pdf'] {
    if (format eq 'svg') {
        set terminal svg noenhanced size 858,320 font 'Helvetica,12' background '#ffffff'
    } else {
        set terminal pdfcairo noenhanced size 8.9354in,3.3333in font 'Helvetica,9'
    }
    set output name . '.' . format
    set multiplot layout 1,3 \
        margins screen 0.0769,0.8673,0.1563,0.8125 \
        spacing screen 0.028,0.1875
    set label 1 'Write amplification by user data written' at screen 0.014,0.9438 left font ',14'
    set label 2 'User data written (MiB)' at screen 0.4721,0.0438 center
    set label 3 'Write amplification (bytes per user byte)' at screen 0.0187,0.4844 center rotate by 90

    set title 'Size ratio 2' offset 0,-0.5
    set format y
    plot data using (x(1)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(2)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(3)):(y('y')) with linespoints ls 3 pi 5 notitle
    unset label 1; unset label 2; unset label 3; unset label 4

    set title 'Size ratio 4' offset 0,-0.5
    set format y ''
    plot data using (x(4)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(5)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(6)):(y('y')) with linespoints ls 3 pi 5 notitle

    set title 'Size ratio 8' offset 0,-0.5
    set format y ''
    set label 10 'leveling' at graph 1.03,0.625 left offset 0.7,-0.25 point ls 1 textcolor rgb '#0072B2'
    set label 11 'lazy_leveling' at graph 1.03,0.554 left offset 0.7,-0.25 point ls 3 textcolor rgb '#007A59'
    set label 12 'tiering' at graph 1.03,0.244 left offset 0.7,-0.25 point ls 2 textcolor rgb '#B84F00'
    plot data using (x(7)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(8)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(9)):(y('y')) with linespoints ls 3 pi 5 notitle
    unset label 10
    unset label 11
    unset label 12
    unset multiplot
    unset output
}
