# It's `odd`\ .
# Run it in this folder to draw log.svg and .pdf again:
#     gnuplot log.gp
# The points are in the .csv beside it; `curve` counts the lines of all panels.

name = 'log'
data = name . '.csv'
x_unit = 1000  # thousands
y_unit = 1
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
x(n) = column('curve') == n ? column('x') / x_unit : NaN
y(c) = column(c) / y_unit

set style line 1 lc rgb '#0072B2' lw 2 dt solid pt 7 ps 0.6  # size ratio 2
set style line 2 lc rgb '#D55E00' lw 2 dt (12,4) pt 5 ps 0.6  # size ratio 4
set style line 3 lc rgb '#009E73' lw 2 dt (6,3) pt 9 ps 0.6  # size ratio 8
set style line 200 lc rgb '#9a9a9a' lw 1 dt solid  # axes
set style line 201 lc rgb '#e4e4e4' lw 1 dt solid  # grid

set border 3 ls 200
set tics nomirror out scale 0.5 textcolor rgb '#404040'
set grid xtics ytics back ls 201
set xrange [0:400]
set yrange [1:20]
set logscale y
set ytics (1, 2, 5, 10, 20)
set xtics 100
unset key

do for [format in 'svg pdf'] {
    if (format eq 'svg') {
        set terminal svg noenhanced size 851,320 font 'Helvetica,12' background '#ffffff'
    } else {
        set terminal pdfcairo noenhanced size 8.8667in,3.3333in font 'Helvetica,9'
    }
    set output name . '.' . format
    set multiplot layout 1,3 \
        margins screen 0.0775,0.8741,0.1563,0.8125 \
        spacing screen 0.0282,0.1875
    set label 1 'It''s `odd`\' at screen 0.0141,0.9438 left font ',14'
    set label 2 'Operations (thousands)' at screen 0.4758,0.0438 center
    set label 3 'Sorted runs' at screen 0.0188,0.4844 center rotate by 90

    set title 'Compaction leveling' offset 0,-0.5
    set format y
    plot data using (x(1)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(2)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(3)):(y('y')) with linespoints ls 3 pi 5 notitle
    unset label 1; unset label 2; unset label 3; unset label 4

    set title 'Compaction tiering' offset 0,-0.5
    set format y ''
    plot data using (x(4)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(5)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(6)):(y('y')) with linespoints ls 3 pi 5 notitle

    set title 'Compaction lazy_leveling' offset 0,-0.5
    set format y ''
    set label 10 'size ratio 8' at graph 1.03,0.537 left offset 0.7,-0.25 point ls 3 textcolor rgb '#007A59'
    set label 11 'size ratio 4' at graph 1.03,0.463 left offset 0.7,-0.25 point ls 2 textcolor rgb '#B84F00'
    set label 12 'size ratio 2' at graph 1.03,0.367 left offset 0.7,-0.25 point ls 1 textcolor rgb '#0072B2'
    plot data using (x(7)):(y('y')) with linespoints ls 1 pi 5 notitle, \
         data using (x(8)):(y('y')) with linespoints ls 2 pi 5 notitle, \
         data using (x(9)):(y('y')) with linespoints ls 3 pi 5 notitle
    unset label 10
    unset label 11
    unset label 12
    unset multiplot
    unset output
}
