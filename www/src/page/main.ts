/** The page's entry: everything else hangs on the element that the HTML holds. */
import './app.ts';
